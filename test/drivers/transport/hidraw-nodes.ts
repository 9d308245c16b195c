/** In a /dev of its own: what a watcher of HID devices is told of. Prints how often, after each thing that happens. */
import { appendFileSync, chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { watchPort } from '../../../drivers/transport/hotplug.ts'

/** Well over the time in which the watcher gathers a burst. */
const QUIET_MS = 200

let told = 0
const stop = watchPort('hid:2B8B:2721', () => {
  told += 1
})

async function after(what: string, happen: () => void): Promise<void> {
  told = 0
  happen()
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
  process.stdout.write(`${JSON.stringify([what, told])}\n`)
}

const node = '/dev/hidraw0'
await after('another kind of device comes', () => writeFileSync('/dev/ttyUSB0', ''))
await after('it comes', () => writeFileSync(node, '', { mode: 0o600 }))
await after('it is written to', () => appendFileSync(node, 'x'))
await after('it may be used by more', () => chmodSync(node, 0o660))
await after('it gets another name', () => renameSync(node, '/dev/hidraw1'))
await after('it goes', () => rmSync('/dev/hidraw1'))
stop()
await after('it comes when nobody watches any more', () => writeFileSync(node, ''))

import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { watchPort } from '../../../drivers/transport/hotplug.ts'
import { until } from '../support.ts'
import { runApart } from './namespace.ts'

/** Well over the time in which the watcher gathers a burst. */
const QUIET_MS = 150

interface Watched {
  folder: string
  /** The port's path: two folders deep, neither of which is there yet. */
  path: string
  told(): number
  /** Waits until it has been told of, and forgets. */
  news(what: string): Promise<void>
  silence(): Promise<void>
}

function watched(): Watched {
  const folder = mkdtempSync(join(tmpdir(), 'hotplug-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'serial', 'by-id', 'usb-reader')
  let told = 0
  onTestFinished(
    watchPort(`serial:${path}?baud=9600`, () => {
      told += 1
    }),
  )
  return {
    folder,
    path,
    told: () => told,
    news: async (what) => {
      await until(`it is told that ${what}`, () => told > 0)
      // A burst may be told in two parts.
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
      told = 0
    },
    silence: async () => {
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
      expect(told).toBe(0)
    },
  }
}

test('a device is told of when it comes, goes and comes again, though its folders come and go with it', async () => {
  const { folder, path, news } = watched()
  for (let round = 0; round < 3; round += 1) {
    mkdirSync(join(folder, 'serial', 'by-id'), { recursive: true })
    symlinkSync('../../ttyUSB0', path)
    await news('it came')
    rmSync(path)
    await news('it went')
    rmSync(join(folder, 'serial'), { recursive: true })
    await news('its folder went')
  }
})

test('a folder that is replaced at once, as by its removal and return, is watched again', async () => {
  const { folder, path, news } = watched()
  const byId = join(folder, 'serial', 'by-id')
  mkdirSync(byId, { recursive: true })
  await news('its folder came')
  rmSync(byId, { recursive: true })
  mkdirSync(byId)
  await news('its folder was replaced')
  writeFileSync(path, '')
  await news('it came')
})

test('a device that may be used at last is told of, one that is only written to is not', async () => {
  const { folder, path, news, silence } = watched()
  mkdirSync(join(folder, 'serial', 'by-id'), { recursive: true })
  writeFileSync(path, '', { mode: 0o600 })
  await news('it came')
  writeFileSync(path, 'x')
  await silence()
  chmodSync(path, 0o660)
  await news('it may be used')
})

test("another device's coming and going is no news", async () => {
  const { folder, silence, news } = watched()
  const byId = join(folder, 'serial', 'by-id')
  mkdirSync(byId, { recursive: true })
  await news('its folder came')
  writeFileSync(join(byId, 'usb-scanner'), '')
  rmSync(join(byId, 'usb-scanner'))
  await silence()
})

test('a burst is told once or twice, not each time', async () => {
  const { folder, path, news, told } = watched()
  mkdirSync(join(folder, 'serial', 'by-id'), { recursive: true })
  await news('its folder came')
  for (let round = 0; round < 200; round += 1) {
    writeFileSync(path, '')
    rmSync(path)
  }
  await until('it is told of', () => told() > 0)
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
  expect(told()).toBeLessThanOrEqual(2)
})

test('a printer folder is watched as its name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hotplug-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  let told = 0
  onTestFinished(
    watchPort(`dir:${join(folder, 'pages')}`, () => {
      told += 1
    }),
  )
  mkdirSync(join(folder, 'pages'))
  await until('it is told of', () => told === 1)
  writeFileSync(join(folder, 'pages', '1.pdf'), '')
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
  expect(told).toBe(1)
})

test('a stopped watcher tells nothing, not even what it had just seen', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hotplug-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  let told = 0
  const stop = watchPort(`serial:${join(folder, 'tty')}?baud=9600`, () => {
    told += 1
  })
  writeFileSync(join(folder, 'tty'), '')
  await new Promise((resolve) => setTimeout(resolve, 10))
  stop()
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
  expect(told).toBe(0)
})

test('a watcher leaves no handle behind and holds no process up', () => {
  const before = process.getActiveResourcesInfo().filter((kind) => kind === 'FSEvent').length
  const stops = ['serial:/nowhere/tty?baud=9600', 'hid:2B8B:2721', 'dir:/nowhere'].map((port) =>
    watchPort(port, () => {}),
  )
  for (const stop of stops) stop()
  expect(process.getActiveResourcesInfo().filter((kind) => kind === 'FSEvent').length).toBe(before)
})

test.each(['tcp://127.0.0.1:1', 'ipp://127.0.0.1/printers/a4', 'COM3'])('%s is not watched', (port) => {
  expect(() => watchPort(port, () => {})()).not.toThrow()
})

test('HID nodes are told of when they come, go or change their permissions, and nothing else in /dev', async () => {
  expect(await runApart('dev', './hidraw-nodes.ts', import.meta)).toEqual([
    ['another kind of device comes', 0],
    ['it comes', 1],
    ['it is written to', 0],
    ['it may be used by more', 1],
    ['it gets another name', 1],
    ['it goes', 1],
    ['it comes when nobody watches any more', 0],
  ])
})

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** One step of a recorded conversation, in the program's eyes. */
export type RecordedStep =
  /** The program writes exactly this; nothing more is read until it has. */
  | { writes: Uint8Array }
  /** The device then sends this, so long after the step before. */
  | { reads: Uint8Array; afterMs: number }

/** A USB HID device that exists only for the child process. */
export interface RecordedHid {
  vendorId: number
  productId: number
  product: string
  /** Left out, sysfs shows none. */
  reportDescriptor?: Uint8Array
  steps?: readonly RecordedStep[]
}

/**
 * Runs a .ts file under this Node in a machine that has just these devices, as /dev/hidraw0, /dev/hidraw1 and so
 * on, and gives what it printed. Fails with what it said on stderr when it does not exit with 0.
 */
export async function runWithHid(devices: readonly RecordedHid[], script: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'umockdev-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const description = join(folder, 'devices.umockdev')
  writeFileSync(description, devices.map(describe).join('\n'))
  const args = ['--device', description]
  devices.forEach((device, index) => {
    const node = `/dev/hidraw${index}`
    const ioctls = join(folder, `${index}.ioctl`)
    // The one question that hidapi asks of every node that it opens.
    writeFileSync(ioctls, `@DEV ${node} (IOCTL_TREE)\nHIDIOCGRDESCSIZE 0 ${leHex(sizeOf(device))}\n`)
    args.push('--ioctl', `${node}=${ioctls}`)
    if (device.steps === undefined) return
    const conversation = join(folder, `${index}.script`)
    writeFileSync(conversation, Buffer.concat(device.steps.map(line)))
    args.push('--script', `${node}=${conversation}`)
  })
  return run('umockdev-run', [...args, '--', process.execPath, script])
}

function run(command: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    child.on('error', () => reject(new Error(`${command} is needed: install the Debian package umockdev`)))
    child.on('close', (code) => {
      if (code === 0) resolve(out)
      else reject(new Error(`the child ended with ${code}:\n${out}${err}`))
    })
  })
}

/** What udev would know of the device, from the USB device down to its hidraw node. */
function describe(device: RecordedHid, index: number): string {
  const usb = `/devices/pci0000:00/0000:00:14.0/usb1/1-${index + 1}`
  const face = `${usb}/1-${index + 1}:1.0`
  const ids = [device.vendorId, device.productId].map((id) => id.toString(16).toUpperCase().padStart(4, '0'))
  const hid = `0003:${ids.join(':')}.000${index + 1}`
  const descriptor = device.reportDescriptor
  return [
    `P: ${usb}`,
    'E: SUBSYSTEM=usb',
    'E: DEVTYPE=usb_device',
    'A: manufacturer=Example\\n',
    `A: product=${device.product}\\n`,
    'A: bcdDevice=0100\\n',
    '',
    `P: ${face}`,
    'E: SUBSYSTEM=usb',
    'E: DEVTYPE=usb_interface',
    'A: bInterfaceNumber=00\\n',
    '',
    `P: ${face}/${hid}`,
    'E: SUBSYSTEM=hid',
    `E: HID_ID=0003:${ids.map((id) => `0000${id}`).join(':')}`,
    `E: HID_NAME=${device.product}`,
    'E: HID_UNIQ=',
    ...(descriptor === undefined ? [] : [`H: report_descriptor=${Buffer.from(descriptor).toString('hex')}`]),
    '',
    `P: ${face}/${hid}/hidraw/hidraw${index}`,
    `N: hidraw${index}`,
    `L: device=../../../${hid}`,
    'E: SUBSYSTEM=hidraw',
    `E: DEVNAME=/dev/hidraw${index}`,
    '',
  ].join('\n')
}

function sizeOf(device: RecordedHid): number {
  return device.reportDescriptor?.length ?? 0
}

/** A C int as the recording writes it. */
function leHex(value: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes.toString('hex').toUpperCase()
}

function line(step: RecordedStep): Buffer {
  const [head, bytes] = 'writes' in step ? ['w 0 ', step.writes] : [`r ${step.afterMs} `, step.reads]
  return Buffer.concat([Buffer.from(head), ...[...bytes].map(escaped), Buffer.from('\n')])
}

/** umockdev's script format: what is no printable character is a caret and a letter. */
function escaped(byte: number): Buffer {
  if (byte <= 0x20) return Buffer.of(0x5e, byte + 0x40)
  return byte === 0x5e ? Buffer.from('^`') : Buffer.of(byte)
}

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const ROOT_UID = 0

/** A USB serial adapter of that make on socket 1, and a HID device of that make on socket 2. */
export interface Plugged {
  adapter: string
  hid: string
}

const USB = '/devices/pci0000:00/usb1'
const TTY = `${USB}/1-1/1-1:1.0/ttyUSB0/tty/ttyUSB0`

/** As Debian's own rules for brltty, from 85 to 90, take an adapter for a braille display. */
const BRLTTY_RULES = `SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ENV{BRLTTY_BRAILLE_DRIVER}="bm", ENV{SYSTEMD_WANTS}="brltty.service"\n`

/**
 * What the real udev decides by these rules, for the USB device, the port and the HID device: the properties and
 * the lines that it says. It runs in a mount namespace of its own, so that nothing of it touches this machine.
 */
export function decidedByUdev(
  rules: string,
  { adapter, hid }: Plugged,
): { usb: string; tty: string; hidraw: string } {
  if (process.getuid?.() !== ROOT_UID)
    throw new Error('udev is asked in a namespace of its own: run this test as root')
  const folder = mkdtempSync(join(tmpdir(), 'udev-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['rules', 'dev']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'rules', '90-brltty-device.rules'), BRLTTY_RULES)
  writeFileSync(join(folder, 'rules', '99-window24.rules'), rules)
  const hidraw = `${USB}/1-2/1-2:1.0/0003:${hid}.0001/hidraw/hidraw0`
  writeFileSync(join(folder, 'devices'), description(adapter, hid, hidraw))
  const ask = (device: string): string => {
    const dev = join(folder, 'dev')
    const steps = [
      'mount -t tmpfs none /run',
      `mount --bind ${folder}/rules /etc/udev/rules.d`,
      // A /dev of its own with what umockdev needs, for udev makes links in it.
      `mount -t tmpfs none ${dev}`,
      `cp -a /dev/null /dev/zero /dev/random /dev/urandom /dev/ptmx ${dev} && mkdir ${dev}/pts`,
      `mount --bind /dev/pts ${dev}/pts && mount --rbind ${dev} /dev`,
      `umockdev-run -d ${folder}/devices -- udevadm test /sys${device} 2>&1`,
    ]
    return decided(steps)
  }
  return { usb: ask(`${USB}/1-1`), tty: ask(TTY), hidraw: ask(hidraw) }
}

/** umockdev's preloaded library corrupts a program's memory now and then: a udevadm that crashed is asked again. */
const TRIES = 4

function decided(steps: readonly string[]): string {
  for (let left = TRIES; ; left -= 1) {
    try {
      return execFileSync('unshare', ['--mount', 'sh', '-c', steps.join(' && ')], { encoding: 'utf8' })
    } catch (error) {
      if (left === 1) throw new Error(`needed: the Debian packages udev, umockdev, util-linux: ${error}`)
    }
  }
}

function description(adapter: string, hid: string, hidraw: string): string {
  const [adapterVendor, adapterProduct] = adapter.toLowerCase().split(':')
  return `P: ${USB}/1-1
E: SUBSYSTEM=usb
E: DEVTYPE=usb_device
A: idVendor=${adapterVendor}\\n
A: idProduct=${adapterProduct}\\n

P: ${TTY}
N: ttyUSB0
E: SUBSYSTEM=tty
E: DEVNAME=/dev/ttyUSB0
E: MAJOR=188
E: MINOR=0

P: ${USB}/1-2
E: SUBSYSTEM=usb
E: DEVTYPE=usb_device

P: ${USB}/1-2/1-2:1.0/0003:${hid}.0001
E: SUBSYSTEM=hid

P: ${hidraw}
N: hidraw0
E: SUBSYSTEM=hidraw
E: DEVNAME=/dev/hidraw0
E: MAJOR=244
E: MINOR=0
`
}

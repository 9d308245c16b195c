/** The rules that give ports to the device and keep others off them (field rows 12 and 13). */
import type { Facts } from '../../../drivers/discovery/discovery.ts'
import { asRoot, installRules, PORT_GROUP } from './commands.ts'
import { KNOWN_HID, SERIAL_ADAPTERS } from './known-models.ts'
import type { Setting } from './words.ts'

interface UsbIds {
  vendorId: number
  productId: number
}

/**
 * The text of the rules file, made from the profiles that drivers work by. Given facts that were gathered for a
 * configuration, its HID devices and the adapters behind its serial ports are in it as well: a make that no profile
 * knows needs them, and a USB-CDC device is left to ModemManager otherwise.
 */
export const udevRules = ({ facts, config, shell }: Setting & { facts: Facts }): string => {
  const hid = distinct([...KNOWN_HID, ...boundHid(facts)])
  const adapters = distinct([...SERIAL_ADAPTERS, ...boundAdapters(facts)])
  const [install, reload] = installRules(shell, config).map(({ command }) => `#   ${command}`)
  return `# Window24: gives card readers, scanners and USB serial ports to group ${PORT_GROUP}, and keeps
# ModemManager and brltty away from them. Installed by these two commands:
#
${install}
${reload}
#
# The user that runs the device has to be in the group:
#
#   ${asRoot(shell, `usermod -aG ${PORT_GROUP} USER`).command}
#
# The name begins with 99: brltty's own rules (85 to 90) have to come before.

ACTION=="remove", GOTO="window24_end"

# ID card readers and scanners on USB HID
${hid.map(hidRule).join('\n')}

# Serial ports: every one on USB, and built-in ones that are bound
${['ttyUSB*', 'ttyACM*', ...boundBuiltIn(facts)].map(ttyRule).join('\n')}

# Serial adapters are no modems here, and no braille displays: brltty does not start by itself for a display with
# such a chip. ModemManager looks for its mark on the USB device.
SUBSYSTEM!="usb", GOTO="window24_end"
ENV{DEVTYPE}!="usb_device", GOTO="window24_end"
${adapters.map(adapterRule).join('\n')}
ENV{WINDOW24_SERIAL}!="1", GOTO="window24_end"
ENV{ID_MM_DEVICE_IGNORE}="1"
ENV{BRLTTY_BRAILLE_DRIVER}=="?*", ENV{BRLTTY_BRAILLE_DRIVER}="", ENV{SYSTEMD_WANTS}=""

LABEL="window24_end"
`
}

/** The kernel names a HID device BUS:VID:PID.N in capitals; bus 3 is USB. */
const hidRule = ({ vendorId, productId }: UsbIds): string =>
  `SUBSYSTEM=="hidraw", KERNELS=="0003:${hex(vendorId)}:${hex(productId)}.*", GROUP="${PORT_GROUP}", MODE="0660"`

const ttyRule = (name: string): string =>
  `SUBSYSTEM=="tty", KERNEL=="${name}", GROUP="${PORT_GROUP}", MODE="0660"`

const adapterRule = ({ vendorId, productId }: UsbIds): string =>
  `ATTR{idVendor}=="${hex(vendorId).toLowerCase()}", ATTR{idProduct}=="${hex(productId).toLowerCase()}", ENV{WINDOW24_SERIAL}="1"`

const boundHid = (facts: Facts): UsbIds[] =>
  facts.bound.flatMap((port) => (port.kind === 'hid' ? [port] : []))

const boundAdapters = (facts: Facts): UsbIds[] =>
  facts.serialPorts.flatMap(({ node, usb }) => (usb !== null && isBound(facts, node) ? [usb] : []))

/** Debian gives them to the group by itself, unless one has been the console. */
const boundBuiltIn = (facts: Facts): string[] =>
  facts.serialPorts.flatMap(({ node, usb }) =>
    usb === null && isBound(facts, node) ? (/[^/]+$/.exec(node) ?? []) : [],
  )

const isBound = (facts: Facts, node: string): boolean =>
  facts.bound.some((port) => port.kind === 'serial' && port.node === node)

const distinct = (list: readonly UsbIds[]): UsbIds[] => {
  const byIds = new Map(list.map((ids) => [`${hex(ids.vendorId)}:${hex(ids.productId)}`, ids]))
  return [...byIds].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, ids]) => ids)
}

const hex = (id: number): string => id.toString(16).toUpperCase().padStart(4, '0')

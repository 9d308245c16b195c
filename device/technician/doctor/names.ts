/** The names by which ports are bound in device.json. */
import type { Facts } from '../../../drivers/discovery/discovery.ts'
import type { SerialPort } from '../../../drivers/discovery/serial-ports.ts'

/** The name that a serial port is best bound by. */
export const bindingName = (facts: Facts, port: SerialPort): string =>
  (hasTwin(facts, port) ? (port.byPath ?? port.byId) : (port.byId ?? port.byPath)) ?? port.node

/** Its number changes with the order of plugging. */
export const isUsb = (port: SerialPort): boolean => port.usb !== null || /\/tty(USB|ACM)\d+$/.test(port.node)

/** Another adapter of that kind, when neither has a serial number to tell them apart by. */
export const hasTwin = ({ serialPorts }: Facts, { usb }: SerialPort): boolean =>
  usb !== null &&
  usb.serialNumber === null &&
  serialPorts.some(
    ({ usb: other }) =>
      other !== null &&
      other.place !== usb.place &&
      other.vendorId === usb.vendorId &&
      other.productId === usb.productId &&
      other.serialNumber === null,
  )

/** As a port string names it. */
export const hidPort = ({ vendorId, productId }: { vendorId: number; productId: number }): string =>
  `hid:${digits(vendorId)}:${digits(productId)}`

const digits = (id: number): string => id.toString(16).toUpperCase().padStart(4, '0')

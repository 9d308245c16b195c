/** What `import('node-hid')` and the transport's `report-descriptor.ts` give in the bench of pulled cables. */
import { SimulatedHidBus } from '../../drivers/simulators/hid-bus.ts'

export const bus = new SimulatedHidBus()
export const { devices, devicesAsync, HIDAsync } = bus.library
export const readReportDescriptor = (path: string) => bus.reportDescriptor(path)

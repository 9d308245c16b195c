/** What `import('node-hid')` gives in the bench of pulled cables. */
import { SimulatedHidBus } from '../../drivers/simulators/hid-bus.ts'

export const bus = new SimulatedHidBus()
export const { devices, devicesAsync, HIDAsync } = bus.library

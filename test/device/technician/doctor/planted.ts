import { join } from 'node:path'
import { KIOSK, type PlantedMachine } from '../../../drivers/discovery/planted-machine.ts'
import { deviceJsonWith } from './cabinet.ts'

/** A fault of the field, planted into a machine; gives the command line that finds it. */
export interface Planted {
  fault: string
  plant: (machine: PlantedMachine) => string[]
  finds: string
  zh: (string | RegExp)[]
  en: (string | RegExp)[]
  /** What neither page says. */
  never?: RegExp
}

/** An ID card reader at that path, judged for a user who is in group dialout. */
export const reader = (machine: PlantedMachine, path: string): string[] => {
  machine.groups(KIOSK.name)
  const config = deviceJsonWith({ idReader: { driver: 'sdt', port: `serial:${path}?baud=115200` } })
  return ['--config', config, '--user', KIOSK.name]
}

export const BY_ID = 'usb-FTDI_A10K-if00-port0'
export const byId = (machine: PlantedMachine): string => join(machine.dev, 'serial/by-id', BY_ID)

/** /proc/PID/cgroup of a process that systemd runs as this service. */
export const serviceOf = (name: string): string => `0::/system.slice/${name}.service\n`

/** One kind of device that can be simulated, and what can be typed to it while it runs. */
import { describeFault, FAULT_FORMS, parseFault } from '../../drivers/simulators/wire-fault-words.ts'
import type { AddedFault, WireFaults } from '../../drivers/simulators/wire-faults.ts'
import { Cable, UNPLUG_FORM } from './cable.ts'

/** What every simulator has. */
export interface Device {
  readonly port: string
  readonly faults: { clear(): void }
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

/** What a typed line makes a device do. */
export interface Order<D> {
  /** As it is typed, for the help; its first word is its name. What it may hold can follow on lines of its own. */
  form: string
  /** The words behind the name. False when they are not understood. */
  run: (device: D, words: string[], report: Report) => boolean
}

/** Tells whoever watches. */
export type Report = (line: string) => void

export interface StartOptions {
  listen: string
  profile: string | undefined
  report: Report
  /** A driver that says what no device would understand. */
  onError: (error: string) => void
}

/** A simulated device at work. */
export interface Simulated {
  readonly port: string
  /** Does what was typed. False when it was not understood. */
  obey(line: string): Promise<boolean>
  close(): Promise<void>
}

export interface Kind {
  profiles: readonly string[]
  /** The forms of everything that this kind understands besides what all do. */
  forms: readonly string[]
  /** @throws Error with words when it cannot listen there */
  start(options: StartOptions): Promise<Simulated>
}

/** Understood by every device. */
export const COMMON_FORMS: readonly string[] = [UNPLUG_FORM, 'plug']

/** Understood by every device with a serial wire. */
export const wireFault: Order<{ readonly faults: WireFaults }> = {
  form: FAULT_FORMS.join('\n'),
  run: ({ faults }, words, report) => {
    const parsed = parseFault(words)
    if (!parsed.ok) report(parsed.fault)
    else if (parsed.order.order === 'add') faults.add(parsed.order.fault, parsed.order.timing)
    else if (parsed.order.order === 'clear') faults.clear()
    else report(faults.list().map(describeAdded).join('\n') || 'nothing is wrong with the wire')
    return true
  },
}

const describeAdded = ({ fault, timing }: AddedFault): string => `fault ${describeFault(fault, timing)}`

/** The lines of an order in the help. */
export const formsOf = ({ form }: { form: string }): string[] => form.split('\n')

export interface KindParts<D extends Device> {
  profiles: readonly string[]
  orders: readonly Order<D>[]
  start: (options: StartOptions) => Promise<D>
}

export function kindOf<D extends Device>({ profiles, orders, start }: KindParts<D>): Kind {
  return {
    profiles,
    forms: orders.flatMap(formsOf),
    start: async (options) => {
      const device = await start(options)
      const cable = new Cable(device, options.report)
      return {
        port: device.port,
        obey: (line) => obey({ device, cable, orders }, line, options.report),
        close: async () => {
          cable.close()
          device.faults.clear()
          await device.close()
        },
      }
    },
  }
}

async function obey<D extends Device>(
  { device, cable, orders }: { device: D; cable: Cable; orders: readonly Order<D>[] },
  line: string,
  report: Report,
): Promise<boolean> {
  const [name = '', ...words] = line.trim().split(/\s+/)
  if (name === 'unplug') return cable.unplug(words)
  if (name === 'plug') return cable.plug(words)
  return orders.find(({ form }) => form.split(/\s/)[0] === name)?.run(device, words, report) ?? false
}

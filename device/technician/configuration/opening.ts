/** An opened configuration file, held against this device: what it would change here, and what is wrong with it. */
import { createServer } from 'node:net'
import type { Machine } from '../../../drivers/discovery/machine.ts'
import type { SetupPayload } from '../../../sync/protocol/setup-file.ts'
import type { ListenAddress } from '../../address.ts'
import { type Configuration, parseConfiguration } from '../../configuration.ts'
import type { FileFault, OpenedFile } from '../../http/contract.ts'
import { ownParts, partOf, roleOf, settledHere } from './contents.ts'
import { changedPlaces } from './places.ts'
import { type PortsHere, portsHere } from './ports-here.ts'

export interface Here {
  /** device.json as it stands, or what is chosen of it so far. */
  written: unknown
  /** The TCP ports that this device itself serves at now; null: whether an address is free is not asked. */
  servesAt: readonly number[] | null
  machine: Machine
}

/** What a technician gives when the file is taken. */
export interface Given {
  name: string | null
  window: string | null
  withoutMissing: boolean
}

export interface HeldFile {
  opened: Omit<OpenedFile, 'file'>
  /** device.json as it is to stand. */
  next(given: Given): Record<string, unknown>
}

/** Holds a place while nobody has given the name yet: the rest of the file can be judged all the same. */
const ANY_NAME = '?'

/** At most 3 s: it looks at the ports of this machine. */
export const heldAgainst = async (payload: SetupPayload, here: Here): Promise<HeldFile> => {
  const { role, from, at, software } = payload
  const own = ownParts(here.written)
  const ports = await portsHere(payload.configuration, payload.sockets, here.machine)
  const configuration = { ...payload.configuration, role, peripherals: ports.peripherals }
  const next = ({ name, window, withoutMissing }: Given): Record<string, unknown> => {
    const parts = { name: name ?? own.name, window: window ?? own.window }
    const settled = settledHere(configuration, here.written, parts)
    return withoutMissing ? without(settled, ports.missing) : settled
  }
  const checked = parseConfiguration(
    next({ name: own.name ?? ANY_NAME, window: own.window ?? ANY_NAME, withoutMissing: false }),
  )
  const ownRole = roleOf(here.written)
  return {
    next,
    opened: {
      role,
      from,
      at,
      software,
      changes: changedPlaces(here.written ?? {}, next({ name: null, window: null, withoutMissing: false })),
      faults: [
        ...(ownRole === null || ownRole === role ? [] : [otherRole(role, ownRole)]),
        ...(checked.ok ? await takenAddresses(checked.configuration, here) : checked.faults.map(unsound)),
        ...portFaults(ports),
      ],
      missing: ports.missing,
      needs: [
        ...(own.name === null ? (['name'] as const) : []),
        ...(role === 'pad' && own.window === null ? (['window'] as const) : []),
      ],
    },
  }
}

const otherRole = (role: string, own: string): FileFault => ({
  code: 'other-role',
  place: 'role',
  detail: `this file is for a ${role}, and this is a ${own}: take the file of a ${own}`,
})

const unsound = (line: string): FileFault => {
  const colon = line.indexOf(': ')
  return { code: 'unsound', place: line.slice(0, colon), detail: line.slice(colon + ': '.length) }
}

const PORT_WORDS: Record<string, string> = {
  'port-held': 'another program has this port open: stop it, or bind another port',
  'port-shared': 'two peripherals of the file lead to this one port: bind each to its own',
  'port-not-a-device': 'what is there is no serial port: bind the port of the peripheral',
  'folder-is-none': 'what is there is no folder: name a folder for the pages',
}

const portFaults = ({ faults }: PortsHere): FileFault[] =>
  faults.map(({ code, place, port }) => ({ code, place, detail: `${port}: ${PORT_WORDS[code] ?? code}` }))

/** Somebody else on this machine may serve there already: then the device would not come up again. */
const takenAddresses = async (next: Configuration, { servesAt }: Here): Promise<FileFault[]> => {
  if (servesAt === null) return []
  const wanted = [
    { place: 'screen.listen', address: next.screen.listen },
    ...(next.window === undefined ? [] : [{ place: 'window.listen', address: next.window.listen }]),
  ]
  const looks = wanted.map(async ({ place, address }): Promise<FileFault[]> => {
    const code = servesAt.includes(address.port) ? null : await listenFault(address)
    if (code === null) return []
    const detail = `nothing can be served at ${textOf(address)} here (${code}): give another address in the file`
    return [{ code: 'address-taken', place, detail }]
  })
  return (await Promise.all(looks)).flat()
}

const textOf = ({ host, port }: ListenAddress): string => `${host}:${port}`

const listenFault = ({ host, port }: ListenAddress): Promise<string | null> => {
  const { promise, resolve } = Promise.withResolvers<string | null>()
  const server = createServer()
  server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.name))
  server.listen(port, host, () => server.close(() => resolve(null)))
  return promise
}

const without = (
  settled: Record<string, unknown>,
  missing: PortsHere['missing'],
): Record<string, unknown> => {
  const left = Object.entries(partOf(settled, 'peripherals')).filter(
    ([name]) => !missing.some((one) => one.name === name),
  )
  return { ...settled, peripherals: Object.fromEntries(left) }
}

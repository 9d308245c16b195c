/** The workshop of a device that runs: its configuration on disk, its versions, and the devices that run one by one. */
import type { ListenAddress } from '../address.ts'
import { httpUrl } from '../address.ts'
import { type Configuration, parseConfiguration, readConfiguration } from '../configuration.ts'
import { DeviceError } from '../device-error.ts'
import type { Front } from '../front.ts'
import type { OfferedFile } from '../http/setup.ts'
import type { Insight } from '../insight.ts'
import { tried } from '../publisher.ts'
import type { Succession } from '../succession.ts'
import { openVersions, type Versions } from './configuration/versions.ts'
import type { TechnicianFacts } from './facts.ts'
import { retireDevice } from './retire.ts'
import { DONE, refuse, type SetupAnswer, type Workshop } from './workshop.ts'

/** A report, a bundle and some configurations; a page has each in moments. */
const FILES_AT_MOST = 8

export interface WorkshopParts {
  dataDir: string
  configPath: string
  /** Where the pages stand whatever device.json says; null: there. */
  listen: ListenAddress | null
  succession: Succession
  facts: TechnicianFacts
  /** The listener, open by the time that anybody can ask for something. */
  front: () => Front
  /** Closes rooms and access, calls `forget`, and opens them anew on what is left. */
  beginAnew: (forget: () => void) => Promise<void>
  onChange: () => void
  onTrouble: (error: unknown) => void
}

export interface OpenWorkshop extends Workshop {
  file(name: string): OfferedFile | null
  /** Nobody is in any more. */
  forgetFiles(): void
  /** Another device runs, or none any more. */
  deviceChanged(device: Insight | null): void
  /** Tells the chain of versions that it does not know yet, as of one that was written by hand. */
  lookAtVersions(): void
}

export const openWorkshop = (parts: WorkshopParts): OpenWorkshop => {
  const { dataDir, configPath, succession, facts, onChange, onTrouble } = parts
  const listeners = new Set<(device: Insight | null) => void>()
  const files = new Map<string, OfferedFile>()
  let versions: Versions | null = null

  /** @throws the system's error when the folder cannot be used */
  const versionsHere = (): Versions => {
    versions ??= openVersions(dataDir, configPath)
    return versions
  }
  const busy = (): boolean => succession.device()?.isBusy() ?? false
  const written = (): unknown => {
    try {
      return versionsHere().written()
    } catch (error) {
      onTrouble(error)
      return null
    }
  }

  const roleRefused = (next: Configuration): SetupAnswer | null => {
    const device = succession.device()?.insight
    if (device === undefined || device.identity.deviceId === null) return null
    const { role } = device.configuration
    return role === next.role
      ? null
      : refuse('other-role', `the hall knows this device as a ${role}: retire it first, then set it up anew`)
  }

  /** Within a turn. `keep` writes it down once a device runs with it; what it says against that undoes all. */
  const change = async (next: Configuration, keep: () => SetupAnswer): Promise<SetupAnswer> => {
    if (busy()) return BUSY
    const otherRole = roleRefused(next)
    if (otherRole !== null) return otherRole
    const before = succession.configuration()
    let stopListening = async (): Promise<void> => {}
    try {
      const isNew = before === null || !isSameAddress(before.screen.listen, next.screen.listen)
      if (parts.listen === null && isNew)
        stopListening = await parts.front().screen.listenAlso(next.screen.listen)
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error
      return refuse(error.code, error.message)
    }
    const fault = await succession.replace(next)
    if (fault !== null) {
      parts.front().become(before)
      await stopListening()
      return refuse(fault.code, fault.message)
    }
    const kept = keep()
    if (kept.ok) return kept
    if (before === null) await succession.stop()
    else await succession.replace(before)
    parts.front().become(before)
    await stopListening()
    return kept
  }

  const apply = async (value: unknown, why: string): Promise<SetupAnswer> => {
    const parsed = parseConfiguration(value)
    if (!parsed.ok) return refuse('configuration', parsed.faults.join('\n'))
    return await change(parsed.configuration, () => {
      const added = versionsHere().add(value, why)
      if (!added.ok) return refuse(added.code, added.detail)
      facts.recordVersion(added.version)
      return DONE
    })
  }

  const restart = async (): Promise<SetupAnswer> => {
    const read = await readConfiguration(configPath)
    if (!read.ok) return refuse('configuration', read.faults.join('\n'))
    return await change(read.configuration, () => {
      facts.record({ fact: 'restart' })
      lookAtVersions()
      return DONE
    })
  }

  function lookAtVersions(): void {
    tried(() => {
      // Opened anew, it notices what was written by hand.
      versions = openVersions(dataDir, configPath)
      const untold = versions.list().filter(({ number }) => number > facts.toldVersion())
      for (const version of untold.reverse()) facts.recordVersion(version)
    }, onTrouble)
  }

  const inTurn = (work: () => Promise<SetupAnswer>): Promise<SetupAnswer> =>
    succession.turn(work).finally(onChange)

  return {
    dataDir,
    configPath,
    listen: () => httpUrl(parts.front().screen.listener.address).replace('http://', ''),
    configuration: () => succession.configuration(),
    written,
    get versions() {
      return versionsHere()
    },
    device: () => succession.device()?.insight ?? null,
    onDevice(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    busy,
    apply: (next, why) => inTurn(() => apply(next, why)),
    restart: () => inTurn(restart),
    retire: (loseUnsent) =>
      inTurn(async () => {
        if (busy()) return BUSY
        const around = (forget: () => void): Promise<void> => {
          versions = null
          files.clear()
          parts.front().become(null)
          return parts.beginAnew(forget)
        }
        return (await retireDevice({ dataDir, configPath, succession, loseUnsent, around })) ?? DONE
      }),
    record: (fact) => facts.record(fact),
    offer(file) {
      files.delete(file.name)
      files.set(file.name, file)
      for (const name of [...files.keys()].slice(0, -FILES_AT_MOST)) files.delete(name)
      onChange()
    },
    onChange,
    onTrouble,
    file: (name) => files.get(name) ?? null,
    forgetFiles: () => files.clear(),
    deviceChanged(device) {
      for (const listener of listeners) tried(() => listener(device), onTrouble)
    },
    lookAtVersions,
  }
}

const BUSY = refuse('busy', 'somebody is being served here: end that first, or wait until it is over')

const isSameAddress = (one: ListenAddress, other: ListenAddress): boolean =>
  one.host === other.host && one.port === other.port

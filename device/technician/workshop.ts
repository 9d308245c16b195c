/** What the technician's rooms are built from: the device behind the pages, its configuration, and how to change it. */
import type { EventData } from '../../sync/protocol/events.ts'
import type { Configuration } from '../configuration.ts'
import type { SetupAction, SetupRooms } from '../http/contract/setup.ts'
import type { Insight } from '../insight.ts'
import type { Versions } from './configuration/versions.ts'

export interface SetupAnswer {
  ok: boolean
  code: string
  detail: string
}

/** One room of the technician's pages: what it shows, and what can be done in it. */
export interface SetupRoom<State, Action> {
  state(): State
  /** Refusals are answers; what throws is a defect. */
  act(action: Action): Promise<SetupAnswer>
  /** Nobody is in any more: what runs for a technician is stopped, what was opened or borrowed is given back. */
  left?(): void
  close(): Promise<void>
}

export interface Workshop {
  dataDir: string
  /** Where device.json lies, or will. */
  configPath: string
  /** Where these pages are served, as `screen.listen` has it: what a first device.json is to say. */
  listen(): string
  /** As it stands; null before the first run is through its role, and while device.json has faults. */
  configuration(): Configuration | null
  /** device.json as it was written, secrets and all: for whoever changes a part of it. Null where there is none. */
  written(): unknown
  /**
   * Every device.json that ever stood; changed by `apply` alone.
   * @throws the system's error when the data folder cannot be used
   */
  readonly versions: Versions
  /** The device that runs; null while none does. */
  device(): Insight | null
  /** Told whenever another device runs, or none any more; returns how to stop listening. */
  onDevice(listener: (device: Insight | null) => void): () => void
  /** A citizen's session is open, a question stands, or a paper is under way: whatever stops the device is refused then. */
  busy(): boolean
  /**
   * Checks, starts the device anew with it, writes a new version. Refused (`configuration`, with a line for each
   * fault; `busy`; `other-role`; or as a DeviceError's code when a device cannot start so): then nothing has changed,
   * and the device runs on as before.
   * @param why as `ConfigurationVersion.why`
   */
  apply(next: unknown, why: string): Promise<SetupAnswer>
  /** Reads device.json again and starts the device anew; told to the chain. Refused as `apply` is. */
  restart(): Promise<SetupAnswer>
  /**
   * Sends what waits, then forgets all: store, identity, configuration, PIN; the first run begins. Refused (`busy`, or
   * `unsent` with how many) while facts wait that the hall does not have.
   * @param loseUnsent they may be lost
   */
  retire(loseUnsent: boolean): Promise<SetupAnswer>
  /** Into the chain, as soon as there is one. */
  record(fact: EventData<'technician'>): void
  /** Makes a file of this name readable for the pages that are in, at /api/setup/files/NAME, until nobody is. */
  offer(file: { name: string; mediaType: string; bytes: Uint8Array }): void
  onChange(): void
  onTrouble(error: unknown): void
}

/** To a room that rests on others: what those show now, and what can be done in them. */
export interface OtherRooms {
  state(): SetupRooms
  act(action: Exclude<SetupAction, { room: 'access' }>): Promise<SetupAnswer>
}

export const DONE: SetupAnswer = { ok: true, code: 'done', detail: '' }
export const refuse = (code: string, detail: string): SetupAnswer => ({ ok: false, code, detail })

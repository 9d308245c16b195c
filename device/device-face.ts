/** What one device is started from, and what it offers to whoever has started it. */
import type { SigningKey } from '../sync/protocol/keys.ts'
import type { Configuration } from './configuration.ts'
import type { Documents } from './documents/documents.ts'
import type { Front } from './front.ts'
import type { Lasting } from './health/settle.ts'
import type { TroubleKind } from './health/trouble.ts'
import type { Insight } from './insight.ts'
import type { Logger } from './log.ts'
import type { SessionTimings } from './session/state.ts'
import type { StorageMemory } from './storage-watch.ts'

export interface DeviceOptions {
  configuration: Configuration
  dataDir: string
  /** The screen's plain address works for every program on this machine; for the demo. */
  openScreen?: boolean
  logger?: Logger
  pagesFolder?: string
  sessionTimings?: SessionTimings
  /** How long what is wrong has to last before it is told. */
  healthLasting?: Record<TroubleKind, Lasting>
  /** What earlier devices of this process have met; a new one unless told otherwise. */
  memory?: StorageMemory
  /** The screen's listener, opened when there is something to show: it stays when this device is closed. */
  front?: () => Promise<Front>
  /** Told the key that the hall signs its files for technicians with, whenever the hall tells it. */
  onTechnicianKey?: (key: SigningKey) => void
  /** How what sets type is started: a thread of its own unless told otherwise. It is closed with this device. */
  documents?: () => Promise<Documents>
}

export interface Device {
  /** Where the screen's browser begins; good once unless `openScreen`. */
  screenUrl: string
  /** null for a terminal, and for a pad without a window interface. */
  windowUrl: string | null
  /** Settles when the store has to be closed and opened anew: close this device and start another. */
  storeLost: Promise<void>
  /** What a technician may see of it. */
  insight: Insight
  /** Somebody's session is open, or a question stands. */
  isBusy(): boolean
  /** Ends everything within moments; what was under way is told as such at the next start. */
  close(): Promise<void>
}

import type { Identity } from '../sync/identity.ts'
import type { Outbox } from '../sync/outbox.ts'
import type { ClockState } from '../sync/protocol/events.ts'
import type { Db } from '../sync/sqlite.ts'
import type { Configuration } from './configuration.ts'
import type { ContentFace } from './content/content.ts'
import type { Action, ScreenState } from './http/contract.ts'
import type { ActAnswer } from './http/screen.ts'
import type { PeripheralEvent } from './peripherals/peripherals.ts'
import type { AppliedSettings } from './settings.ts'

/** What a role builds its rooms from. */
export interface House {
  configuration: Configuration
  db: Db
  identity: Identity
  outbox: Outbox
  content: ContentFace
  /** As they are now: the hall may change them at any time. */
  settings: () => AppliedSettings
  clock: () => ClockState
  online: () => boolean
  /** Whether what somebody says now can be written down. */
  canKeep: () => boolean
  onChange: () => void
  onTrouble: (error: unknown) => void
}

/** The part of the state that both roles share, without the preferences, which belong to whoever stands there. */
export type Surroundings = Omit<
  ScreenState,
  'role' | 'view' | 'preferences' | 'tiles' | 'idleEndsAt' | 'closesAt' | 'staff'
>

/** A terminal or a pad. */
export interface Role {
  state(surroundings: Surroundings): ScreenState
  /** `action` is one of this role's: the screen's listener has checked it. */
  act(action: Action): Promise<ActAnswer>
  peripheral(event: Extract<PeripheralEvent, { kind: 'card' | 'scan' }>): void
  /** Somebody's session is open here, or a question stands. */
  isBusy(): boolean
  /** The line, a peripheral, the content or the enrolment is another than before. */
  worldChanged(): void
  /** The chain takes facts from now on: what a stop left behind can be ended. */
  enrolled(): void
  /** Records that have been kept long enough go; at each start, and whenever the date is another. */
  forgetOld(now: Date): void
  close(): void
}

/**
 * All that a screen knows of its device (PROTOCOLS.md §3). The device holds the state; the page shows it.
 *
 * `GET  /api/state`   → `ScreenState`
 * `GET  /api/events`  → Server-Sent Events: `state` with a whole `ScreenState` at connecting and at each change
 * `POST /api/actions` `Action` → 200 `ScreenState`, or application/problem+json
 *
 * Each service has a file of its own in `contract/`: its pages, and what can be done on them.
 */
import type { PadAction, PadState } from './contract/pad.ts'
import type { TerminalAction, TerminalState } from './contract/terminal.ts'

export type { FaultReason } from '../../drivers/status.ts'
export type { Case, CaseState, PaperKind } from '../../sync/protocol/cases.ts'
export type {
  CaseKind,
  Guide,
  Hall,
  LifeEvent,
  Material,
  Notice,
  Staff,
} from '../../sync/protocol/content.ts'
export * from './contract/clerk.ts'
export * from './contract/common.ts'
export * from './contract/feedback.ts'
export * from './contract/guides.ts'
export * from './contract/pad.ts'
export * from './contract/papers.ts'
export * from './contract/pickup.ts'
export * from './contract/printing.ts'
export * from './contract/rating.ts'
export * from './contract/setup.ts'
export * from './contract/terminal.ts'
export * from './contract/tickets.ts'

export type ScreenState = TerminalState | PadState
export type Action = TerminalAction | PadAction

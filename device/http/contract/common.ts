/** What every screen of a device is told, whichever role the device plays. */
import { z } from 'zod'
import type { Hall } from '../../../sync/protocol/content.ts'

export const Language = z.enum(['zh', 'en'])
export type Language = z.infer<typeof Language>

/** 大字 · 高对比 · 低位 · 语音 · English: one touch away, reset with the session. */
export const Preferences = z.strictObject({
  language: Language,
  largeType: z.boolean(),
  highContrast: z.boolean(),
  reach: z.boolean(),
  sound: z.boolean(),
})
export type Preferences = z.infer<typeof Preferences>

export type PeripheralName = 'idReader' | 'scanner' | 'receiptPrinter' | 'pagePrinter' | 'keypad'

/** `reason` and `warnings` are the codes of drivers/status.ts. */
export interface PeripheralView {
  state: 'connecting' | 'ready' | 'fault'
  since: string
  reason: string | null
  warnings: string[]
}

export interface CommonState {
  /** Of the pages that this device serves; a page built otherwise reloads itself. */
  build: string
  /** The device's clock, RFC 3339 with offset. */
  now: string
  device: { name: string; window: string | null; id: string | null }
  /** null until the first content has come. */
  hall: Hall | null
  theme: 'day' | 'night'
  screen: { diagonalInches: number }
  line: { online: boolean; backlog: number }
  /** `cannot-keep`: what somebody says now could not be written down; nobody is asked until it can. */
  storage: 'ok' | 'cannot-keep'
  /** Another when the hall's own recordings are others (`GET /api/recordings`); null where there are none. */
  recordings: string | null
  preferences: Preferences
  peripherals: Partial<Record<PeripheralName, PeripheralView>>
}

/** A name that the device gave, or a key that the page made: short, and never somebody's. */
export const id = z.string().min(1).max(64)

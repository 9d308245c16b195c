/**
 * What the bench dock's page knows of the demo that it belongs to.
 *
 * `GET  /dock/state`   → `DockState`
 * `GET  /dock/events`  → Server-Sent Events: `state` with a whole `DockState` at connecting and at each change
 * `POST /dock/actions` `DockAction` → 200 `DockState`, or application/problem+json
 * `GET  /dock/receipts/{id}.png`, `GET /dock/pages/{name}.pdf` → what came out of the simulated printers
 */
import { z } from 'zod'
import { KEY_COUNT } from '../../drivers/keypad/profile.ts'

/** `note` says in a few words what this card shows best. Invented people only. */
export interface DockPerson {
  id: string
  name: string
  note: string
}

export interface DockCase {
  caseNo: string
  itemCode: string
  itemName: string
  /** What its state is, in Chinese, for whoever tries the demo. */
  note: string
}

export interface DockState {
  /** Where the screens are; null when that part could not start, with the reason. */
  terminal: { url: string | null; trouble: string | null }
  pad: { url: string | null; trouble: string | null }
  hall: { url: string | null; trouble: string | null }
  window: { url: string | null; trouble: string | null }
  people: DockPerson[]
  cases: DockCase[]
  /** The person whose card lies on the reader. */
  cardOnReader: string | null
  readerPlugged: boolean
  scannerPlugged: boolean
  printerPlugged: boolean
  keypadPlugged: boolean
  /** Its lamp and voice ask: a press counts. */
  keypadAsks: boolean
  paper: 'ok' | 'near-end' | 'out'
  coverOpen: boolean
  /** Newest first. */
  receipts: { id: number; url: string; widthDots: number; heightDots: number; at: string }[]
  pages: { name: string; url: string; at: string }[]
  /** The line between both devices and the hall server. */
  line: 'up' | 'cut'
  /** What the window's case system was told last: state of the evaluation it asked for, or the error's code. */
  evaluation: { id: string | null; state: string } | null
  /** Ratings that the hall has stored, and facts that wait on the devices. */
  ratingsAtHall: number | null
  backlog: { terminal: number | null; pad: number | null }
  servingTicketNo: string | null
}

export const DockAction = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('place-card'), person: z.string().max(64) }),
  z.strictObject({ type: z.literal('lift-card') }),
  z.strictObject({ type: z.literal('scan'), text: z.string().max(8192) }),
  z.strictObject({
    type: z.literal('plug'),
    peripheral: z.enum(['reader', 'scanner', 'printer', 'keypad']),
    plugged: z.boolean(),
  }),
  /** Of the button evaluator, the first key 1; several at once as of a palm. */
  z.strictObject({
    type: z.literal('press-keys'),
    keys: z.array(z.int().min(1).max(KEY_COUNT)).min(1).max(KEY_COUNT),
  }),
  z.strictObject({ type: z.literal('set-paper'), paper: z.enum(['ok', 'near-end', 'out']) }),
  z.strictObject({ type: z.literal('set-cover'), open: z.boolean() }),
  z.strictObject({ type: z.literal('set-line'), line: z.enum(['up', 'cut']) }),
  /** What the clerk's system does at the end of a case. */
  z.strictObject({ type: z.literal('ask-for-rating'), caseNo: z.string().max(50) }),
  z.strictObject({ type: z.literal('cancel-rating') }),
  z.strictObject({ type: z.literal('set-window'), state: z.enum(['open', 'paused']) }),
])
export type DockAction = z.infer<typeof DockAction>

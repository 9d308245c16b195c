/**
 * The clerk's page of a pad, for halls without integration (PROTOCOLS.md §2, `GET /window/`): served on the window's
 * listener, over the LAN, to whoever has signed in with number and PIN. No state of it knows a level, nor what the
 * citizen does: a question waits until the pad is back at rest, and then it is done.
 *
 * `GET    /window/clerk/state`   → `ClerkState`
 * `GET    /window/clerk/events`  → Server-Sent Events: `state` with a whole `ClerkState`
 * `PUT    /window/clerk/session` `SignIn` → 200 `ClerkState` and a cookie
 * `DELETE /window/clerk/session` → 200 `ClerkState`: signed out
 * `POST   /window/clerk/actions` `ClerkAction` → 200 `ClerkState`
 * `GET    /window/clerk/items?q=…&lang=zh` → `FoundItems`: what the clerk may choose
 *
 * Refusals are application/problem+json.
 */
import { z } from 'zod'
import type { Hall } from '../../../sync/protocol/content.ts'
import { Language } from './common.ts'

export interface ClerkState {
  /** Of the pages that this device serves; a page built otherwise reloads itself. */
  build: string
  theme: 'day' | 'night'
  /** null until the first content has come. */
  hall: Pick<Hall, 'name' | 'nameEnglish' | 'helpPhone'> | null
  /** The number on the window. */
  window: string
  /** `enrolled`: the pad belongs to a hall. `hasPins`: somebody of that hall can sign in. */
  enrolled: boolean
  hasPins: boolean
  /** null while nobody is signed in on this browser. */
  desk: ClerkDesk | null
}

export interface ClerkDesk {
  clerk: { staffId: string; name: string; post: string }
  /** As the clerk wants it; `pending` while a citizen who has begun keeps it from being shown. */
  service: { state: 'open' | 'paused'; message: string | null; pending: boolean }
  serving: { ticketNo: string | null; pending: boolean }
  /** What was asked last on this page. */
  question: ClerkQuestion | null
  /** One that was asked elsewhere, as by a system, is open. */
  otherQuestion: boolean
}

export interface ClerkQuestion {
  id: string
  caseNo: string
  itemName: string
  /** RFC 3339. */
  askedAt: string
  /** `done` alike whether it was answered, and how. */
  state: 'waiting' | 'done' | 'cancelled'
  /** The citizen had begun before the cancel came: the question goes its way. */
  cancelTooLate: boolean
}

export interface FoundItems {
  items: { itemCode: string; name: string; nameEnglish: string; office: string }[]
  /** How many there are in all. */
  found: number
  /** Nothing is called so: these sound like it. */
  near: boolean
}

const STAFF_CHARACTERS = 32
const PIN_CHARACTERS = 32
const CASE_CHARACTERS = 50
const ITEM_CHARACTERS = 33
const MESSAGE_CHARACTERS = 100
const TICKET_CHARACTERS = 32
const QUERY_CHARACTERS = 80
const PLAIN = /^[^\p{Cc}\p{Cs}]*$/u

export const SignIn = z.strictObject({
  staffId: z
    .string()
    .regex(/^[0-9A-Za-z-]+$/)
    .max(STAFF_CHARACTERS),
  pin: z.string().min(1).max(PIN_CHARACTERS),
})
export type SignIn = z.infer<typeof SignIn>

export const ClerkAction = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ask'),
    caseNo: z
      .string()
      .regex(/^[0-9A-Za-z]+$/)
      .max(CASE_CHARACTERS),
    /** What it is about where the hall's case system does not know the case; null: 窗口服务 then. */
    itemCode: z
      .string()
      .regex(/^[0-9A-Za-z]+$/)
      .max(ITEM_CHARACTERS)
      .nullable(),
    replace: z.boolean(),
  }),
  z.strictObject({ type: z.literal('cancel'), id: z.string().min(1).max(64) }),
  z.strictObject({
    type: z.literal('pause'),
    message: z.string().regex(PLAIN).max(MESSAGE_CHARACTERS).nullable(),
  }),
  z.strictObject({ type: z.literal('open') }),
  z.strictObject({
    type: z.literal('serve'),
    ticketNo: z.string().regex(PLAIN).min(1).max(TICKET_CHARACTERS).nullable(),
  }),
])
export type ClerkAction = z.infer<typeof ClerkAction>

export const ItemQuery = z.strictObject({ q: z.string().max(QUERY_CHARACTERS), lang: Language.default('zh') })

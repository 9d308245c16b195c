/** Who this device is and whose: name, hall, role, window, screen; restart, retire. */
import { z } from 'zod'

export type FirstRunStep = 'name' | 'hall' | 'role' | 'peripherals' | 'screen' | 'report'

export interface DeviceState {
  /** Null once the first run is over. */
  firstRun: { step: FirstRunStep; done: FirstRunStep[] } | null
  /** What was chosen so far; after the first run, what stands in the configuration. */
  name: string | null
  role: 'terminal' | 'pad' | null
  window: string | null
  /** `code`: one was given that the hall has not been asked with, or not taken yet. */
  hall: { url: string | null; code: boolean; check: HallCheck; deviceId: string | null }
  /** Null where nobody has said it. */
  screen: { diagonalInches: number | null; widthPx: number | null; heightPx: number | null }
  software: { window24: string; node: string; content: string | null; settings: string | null }
  /** A device runs behind these pages. */
  runs: boolean
  /** RFC 3339; null while none runs. */
  since: string | null
}

/** Step by step, each only where the one before was good; `waiting` until its turn comes. */
export interface HallCheck {
  state: 'not-tried' | 'trying' | 'good' | 'bad'
  /** RFC 3339, of its end; null before. */
  at: string | null
  /** Of one request there and back; null where none came back. */
  roundTripMs: number | null
  steps: HallStep[]
}

export type HallStepName = 'name' | 'connection' | 'certificate' | 'answer' | 'clock' | 'enrolment'

export interface HallStep {
  step: HallStepName
  /** `left-out`: it does not belong to this way, as a certificate to `http:` on this machine. */
  state: 'waiting' | 'now' | 'good' | 'bad' | 'left-out'
  /** Stable, where it is bad, or good with something to say: `unknown-host`, `refused`, `code-used`… */
  code: string | null
  facts: Record<string, string>
}

const Text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u)

export const DeviceAction = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('name'), name: Text(60) }),
  z.strictObject({
    type: z.literal('hall'),
    url: z.string().min(1).max(500),
    enrolmentCode: z.string().max(32).nullable(),
  }),
  z.strictObject({ type: z.literal('check-hall') }),
  /**
   * From now on the authority that the last check has met (`certificate-unknown`) is the one that vouches for the hall:
   * `fingerprint` as its facts have it, compared by the technician with what the hall's keeper reads out.
   */
  z.strictObject({ type: z.literal('trust-hall'), fingerprint: z.string().max(128) }),
  z.strictObject({
    type: z.literal('role'),
    role: z.enum(['terminal', 'pad']),
    window: Text(32).nullable(),
  }),
  z.strictObject({
    type: z.literal('screen'),
    diagonalInches: z.number(),
    widthPx: z.int().min(1).max(20_000),
    heightPx: z.int().min(1).max(20_000),
  }),
  /** On to the next step of the first run, or back to one. */
  z.strictObject({
    type: z.literal('step'),
    step: z.enum(['name', 'hall', 'role', 'peripherals', 'screen', 'report']),
  }),
  z.strictObject({ type: z.literal('end-first-run') }),
  z.strictObject({ type: z.literal('restart') }),
  /**
   * The device forgets who it is and all that it holds; `name` as it is called, typed or chosen again to be sure.
   * `loseUnsent`: asked once more, after the refusal `unsent`: what the hall does not have may be lost.
   */
  z.strictObject({ type: z.literal('retire'), name: z.string().max(60), loseUnsent: z.boolean() }),
])
export type DeviceAction = z.infer<typeof DeviceAction>

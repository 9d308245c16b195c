/** `/v1/evaluations` (PROTOCOLS.md §1.5): systems that cannot reach the pads ask here, and the pads answer. */
import type { Request } from 'express'
import { uuidv7 } from 'uuidv7'
import {
  EVALUATION_WAITS_MS,
  type EvaluationAnswer,
  EvaluationId,
  type EvaluationStateAnswer,
  HallEvaluationRequest,
  OfferedQuestion,
  PadAnswer,
} from '../../../protocol/evaluations.ts'
import { formatInstant } from '../../../protocol/identifiers.ts'
import { Personal } from '../../../protocol/personal.ts'
import { seal, unseal } from '../../../protocol/sealing.ts'
import type { EvaluationDesk } from '../../evaluations/desk.ts'
import { whichPad } from '../../evaluations/which-pad.ts'
import type { StoredEvaluation } from '../../store/evaluations.ts'
import { type Answer, ok, refusal } from '../answer.ts'
import { authenticateSystem } from '../bearer.ts'
import { parseBody } from '../json.ts'
import type { HallParts } from '../parts.ts'
import { isPrivateLine } from '../private-line.ts'
import { type Passed, receive, type SignedRequest } from '../signed.ts'

/** A case, its item's names, and a sealed person. */
const BODY_LIMIT_BYTES = 64 * 1024

export const PAD_ANSWER_LIMIT_BYTES = 1024

export async function askEvaluation(
  parts: HallParts,
  desk: EvaluationDesk,
  request: Request,
): Promise<Answer | null> {
  const system = await authenticateSystem(parts, request)
  if (!system.ok) return system.answer
  const received = await receive(request, BODY_LIMIT_BYTES)
  if (!received.ok) return received.answer
  const parsed = parseBody(request, received.value, HallEvaluationRequest)
  if (!parsed.ok) return parsed.answer
  const { window, user, ...asked } = parsed.value
  if (isPlain(user) && !isPrivateLine(request, parts.configuration.proxies ?? []))
    return refusal(
      'insecure',
      'send "user" over https, as a JWE, or not at all; a proxy in front has to be named under "proxies" in hall.json and to say "X-Forwarded-Proto: https"',
    )

  const pad = whichPad(await parts.store.evaluations.padsAt(window), parts.clock())
  if (pad.verdict === 'none')
    return refusal('no-pad', 'no enrolled pad has this window: see "window24 hall devices" for their numbers')
  if (pad.verdict === 'several')
    return refusal(
      'several-pads',
      'more than one pad reports with this window: revoke the one that is no longer there (window24 hall revoke)',
    )
  const { deviceId } = pad
  const sealed = await sealedFor(parts, deviceId, user)
  if (!sealed.ok) return sealed.answer
  const question = OfferedQuestion.parse({ ...asked, user: sealed.value })
  const { tokenHash } = system.value
  const { isNew, evaluation } = await desk.ask({
    id: uuidv7(),
    deviceId,
    question,
    tokenHash,
    at: parts.clock(),
  })
  if (evaluation === null)
    return refusal(
      'store-unavailable',
      'this hall server is being stopped: ask again in a moment',
      {},
      STOPPING,
    )
  return answered(isNew, evaluation)
}

export async function getEvaluation(parts: HallParts, request: Request): Promise<Answer | null> {
  const system = await authenticateSystem(parts, request)
  if (!system.ok) return system.answer
  const id = idOf(request.params.id)
  const evaluation =
    id === null ? null : await parts.store.evaluations.readFor(system.value.tokenHash, id, parts.clock())
  return evaluation === null ? unknownHere() : ok(stateOf(evaluation))
}

export async function cancelEvaluation(
  parts: HallParts,
  desk: EvaluationDesk,
  request: Request,
): Promise<Answer | null> {
  const system = await authenticateSystem(parts, request)
  if (!system.ok) return system.answer
  const id = idOf(request.params.id)
  const evaluation =
    id === null ? null : await parts.store.evaluations.cancel(system.value.tokenHash, id, parts.clock())
  if (evaluation === null) return unknownHere()
  desk.changed(evaluation)
  return { status: 204, body: null }
}

export async function putPadAnswer(
  parts: HallParts,
  desk: EvaluationDesk,
  { device, body }: SignedRequest,
  request: Request,
): Promise<Answer> {
  const parsed = parseBody(request, body, PadAnswer)
  if (!parsed.ok) return parsed.answer
  const id = idOf(request.params.evaluationId)
  const { evaluations } = parts.store
  const evaluation =
    id === null ? null : await evaluations.answer(id, device.deviceId, parsed.value.state, parts.clock())
  if (evaluation === null) return refusal('not-found', 'this hall has asked this pad nothing under this id')
  desk.changed(evaluation)
  return ok(stateOf(evaluation))
}

/** A restart takes less. */
const STOPPING = { 'retry-after': '1' }

type AskedUser = HallEvaluationRequest['user']

function isPlain(user: AskedUser): user is Exclude<AskedUser, string | null> {
  return user !== null && typeof user !== 'string'
}

/** For the hall alone: what lies at the pad, and here until it has ended, opens nothing. */
async function sealedFor(parts: HallParts, device: string, user: AskedUser): Promise<Passed<string | null>> {
  const { sealingKeys } = parts
  if (user === null) return { ok: true, value: null }
  if (isPlain(user)) {
    const whole = { purpose: 'rating', device, user: new Personal(user) } as const
    return { ok: true, value: await seal(whole, sealingKeys.current, parts.clock()) }
  }
  // Sooner than when the rating is reported to the province, and nobody can be asked any more.
  const opened = await unseal(user, sealingKeys.all, { purpose: 'rating', device })
  if (opened.ok && opened.unsealed.reveal().user !== undefined) return { ok: true, value: user }
  const detail =
    'seal "user" for this hall’s key, purpose "rating" and the pad’s deviceId, or send it over https'
  return { ok: false, answer: refusal(opened.ok ? 'seal-malformed' : opened.code, detail) }
}

function answered(isNew: boolean, { id, refusal: code, takenAt }: StoredEvaluation): Answer {
  if (takenAt === null) return refused(code ?? 'pad-offline')
  const body: EvaluationAnswer = {
    id,
    state: 'waiting',
    expiresAt: formatInstant(new Date(takenAt.getTime() + EVALUATION_WAITS_MS)),
  }
  return { status: isNew ? 201 : 200, body }
}

function refused(code: NonNullable<StoredEvaluation['refusal']>): Answer {
  switch (code) {
    case 'busy':
      return refusal('busy', 'another question is open on this pad; wait for it, or ask with "replace": true')
    case 'already-rated':
      return refusal('already-rated', 'this case, service and assess number were rated before')
    case 'paused':
      return refusal('paused', 'the window is paused: open it first')
    case 'pad-offline':
      return refusal(
        'pad-offline',
        'the pad has not taken it within 2 s and will not show it; look at its line and its power, then ask again',
      )
  }
}

function stateOf({ id, state }: StoredEvaluation): EvaluationStateAnswer {
  return { id, state: state === 'offered' ? 'waiting' : state }
}

/** PostgreSQL and SQLite are asked for nothing that could not be an id. */
function idOf(text: unknown): string | null {
  return EvaluationId.safeParse(text).data ?? null
}

/** Another system's question is as unknown as none. */
function unknownHere(): Answer {
  return refusal('not-found', 'no question of this id was asked with this token in the last 30 days')
}

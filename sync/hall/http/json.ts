/** JSON bodies against their schemas. */
import type { Request } from 'express'
import type { z } from 'zod'
import { type Answer, refusal } from './answer.ts'

export type ParsedBody<T> = { ok: true; value: T } | { ok: false; answer: Answer }

/** Faults told in one answer: enough for whoever mends the sender. */
const MAX_FAULTS_TOLD = 10

/** A body of JSON in UTF-8. What is told of a fault is its path and rule, never a value. */
export function parseBody<S extends z.ZodType>(
  request: Request,
  body: Uint8Array,
  schema: S,
): ParsedBody<z.infer<S>> {
  if (mediaType(request) !== 'application/json')
    return { ok: false, answer: refusal('media-type', 'send application/json') }
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return { ok: false, answer: refusal('body-invalid', 'the body is no JSON in UTF-8') }
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return { ok: true, value: parsed.data }
  const faults = parsed.error.issues.slice(0, MAX_FAULTS_TOLD).map(({ path, code, message }) => {
    return `${path.join('.') || 'body'}: ${code === 'unrecognized_keys' ? 'unknown member' : message}`
  })
  return { ok: false, answer: refusal('body-invalid', faults.join('; ')) }
}

/** Lower case, without parameters. */
export function mediaType(request: Request): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

/** How a request says who sends it, and what every route refuses alike (PROTOCOLS.md §1.1). */
import type { ProblemCode } from '../../../protocol/problem.ts'
import type { JsonObject } from './document.ts'
import type { RouteSchema } from './route-schema.ts'

const SHAPE =
  'RFC 9421, label `w24`, over `"@method" "@path"`, then `"content-digest"` where there is a body, then `"idempotency-key"` where present; parameters `created;keyid;alg` in this order, alg `ed25519`. The target has no query.'

export const securitySchemes: JsonObject = {
  deviceSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'Signature',
    description: `${SHAPE} keyid is the deviceId.`,
  },
  newDeviceSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'Signature',
    description: `${SHAPE} keyid is the RFC 7638 thumbprint of the key that the body brings.`,
  },
  signatureInput: {
    type: 'apiKey',
    in: 'header',
    name: 'Signature-Input',
    description: 'What the signature covers: part of the same signature, never alone.',
  },
  systemToken: { type: 'http', scheme: 'bearer', description: 'What `window24 hall token` printed.' },
}

export function securityOf({ asked }: RouteSchema): JsonObject[] {
  switch (asked) {
    case 'by-anybody':
      return []
    case 'by-device':
      return [{ deviceSignature: [], signatureInput: [] }]
    case 'by-new-device':
      return [{ newDeviceSignature: [], signatureInput: [] }]
    case 'by-system':
      return [{ systemToken: [] }]
  }
}

export function isSigned({ asked }: RouteSchema): boolean {
  return asked === 'by-device' || asked === 'by-new-device'
}

export function parametersOf(route: RouteSchema): JsonObject[] {
  const path = [...route.path.matchAll(/:([A-Za-z0-9]+)/g)].map(([, name = '']): JsonObject => {
    const description = route.parameters?.[name]
    if (description === undefined) throw new Error(`${route.path}: say what ${name} is`)
    return { name, in: 'path', required: true, description, schema: { type: 'string' } }
  })
  const header = (name: string, required: boolean, description: string): JsonObject => {
    return { name, in: 'header', required, description, schema: { type: 'string' } }
  }
  return [
    ...path,
    ...(isSigned(route) && route.body !== undefined
      ? [header('Content-Digest', true, 'sha-256 over the bytes as sent, after compression (RFC 9530)')]
      : []),
    ...(route.idempotent === true
      ? [header('Idempotency-Key', true, '1 to 128 visible ASCII characters; names this one errand')]
      : []),
    ...(304 in route.answers ? [header('If-None-Match', false, 'the ETag that is known already')] : []),
  ]
}

const signatureProblems: readonly ProblemCode[] = [
  'signature-missing',
  'signature-malformed',
  'signature-bad',
  'digest-mismatch',
  'unknown-key',
  'clock',
  'query-not-allowed',
]

/** What any route of its kind may answer beside its own. */
export function commonProblems(route: RouteSchema): ProblemCode[] {
  const takesJson = route.body !== undefined && route.body.mediaType === undefined
  return [
    ...(isSigned(route) ? signatureProblems : []),
    ...(route.asked === 'by-device' ? (['revoked', 'too-many-requests'] as const) : []),
    ...(route.asked === 'by-device' && route.path.includes(':id') ? (['wrong-device'] as const) : []),
    ...(route.asked === 'by-system' ? (['unauthorized', 'too-many-requests'] as const) : []),
    ...(route.asked === 'by-anybody' ? [] : (['body-too-large', 'body-too-slow'] as const)),
    ...(takesJson ? (['media-type', 'body-invalid'] as const) : []),
    'not-found',
    'store-unavailable',
    'internal',
  ]
}

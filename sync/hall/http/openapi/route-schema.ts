/** What a route takes and gives, as its OpenAPI description is made of it (sync/hall/http/openapi/routes.ts). */
import type { z } from 'zod'
import type { ProblemCode } from '../../../protocol/problem.ts'

export interface BodySchema {
  /** `application/json` unless told otherwise. */
  mediaType?: string
  /** Null: bytes that no JSON schema describes. */
  schema: z.ZodType | null
  /** Further media types with the same bytes, such as those of content items. */
  note?: string
}

export interface AnswerSchema {
  description: string
  /** None: no body. */
  body?: BodySchema
  headers?: Readonly<Record<string, string>>
}

export interface RouteSchema {
  method: 'get' | 'post' | 'put' | 'delete'
  /** As the app has it: `/v1/devices/:id/status`. */
  path: string
  /** One line: what it is for. */
  summary: string
  description?: string
  /**
   * Who may ask. `device`: signed by an enrolled device; `new-device`: signed by the key that it brings;
   * `system`: an integrating system's bearer token.
   */
  asked: 'by-anybody' | 'by-device' | 'by-new-device' | 'by-system'
  /** The request needs an Idempotency-Key, and the signature covers it. */
  idempotent?: boolean
  body?: BodySchema
  /** Of each path parameter, in words. */
  parameters?: Readonly<Record<string, string>>
  /** By status. */
  answers: Readonly<Record<number, AnswerSchema>>
  /** Beside those that every route of its kind has: of signatures, of bodies, of paths. */
  problems?: readonly ProblemCode[]
}

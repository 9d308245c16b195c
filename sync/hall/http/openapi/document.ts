/**
 * The OpenAPI 3.1 description of the hall server, made of the very schemas that it checks with. It lies beside this
 * file as openapi.json for whoever writes against it; `window24 hall openapi` prints the one of the running version.
 */
import { z } from 'zod'
import { PROBLEM_MEDIA_TYPE, Problem, type ProblemCode, problems } from '../../../protocol/problem.ts'
import { alsoDescribed, schemaNames } from './names.ts'
import type { AnswerSchema, BodySchema, RouteSchema } from './route-schema.ts'
import { routeSchemas } from './routes.ts'
import { commonProblems, parametersOf, securityOf, securitySchemes } from './signed-requests.ts'

export type Json = string | number | boolean | null | Json[] | { [member: string]: Json | undefined }
export type JsonObject = { [member: string]: Json | undefined }

/** Of the interface, not of the software: what is added beside it counts up the middle number. */
const CONTRACT_VERSION = '1.1.0'

const JSON_MEDIA_TYPE = 'application/json'

const DESCRIPTION = `What devices and integrating systems ask of a hall server of Window24 (夜窗).

A device signs each request (RFC 9421) and digests each body (RFC 9530); personal data travel sealed (JWE) and in bodies only. Every error is a problem of RFC 9457 whose \`code\` is the contract: its words are not. Members that are not described here may be added to answers at any time.`

export function openApiDocument(): JsonObject {
  const schemas = new Schemas()
  const paths: JsonObject = {}
  for (const route of routeSchemas) {
    const path = route.path.replace(/:([A-Za-z0-9]+)/g, '{$1}')
    paths[path] = { ...(paths[path] as JsonObject | undefined), [route.method]: operation(route, schemas) }
  }
  for (const schema of alsoDescribed) schemas.of(schema)
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Window24 hall server',
      version: CONTRACT_VERSION,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: { securitySchemes, schemas: schemas.named() },
  }
}

function operation(route: RouteSchema, schemas: Schemas): JsonObject {
  const parameters = parametersOf(route)
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: securityOf(route),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: content(route.body, schemas) } }),
    responses: { ...answers(route, schemas), ...refusals(route, schemas) },
  }
}

/** `PUT /v1/devices/:id/status` → `putDevicesStatus` */
function operationId({ method, path }: RouteSchema): string {
  const words = path.split(/[/:-]/).filter((word) => word !== '' && word !== 'v1' && word !== 'id')
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

function content({ mediaType = JSON_MEDIA_TYPE, schema, note }: BodySchema, schemas: Schemas): JsonObject {
  if (schema !== null) return { [mediaType]: { schema: schemas.of(schema) } }
  const anyBytes = note === undefined ? {} : { description: note }
  return { [note === undefined ? mediaType : '*/*']: { schema: anyBytes } }
}

function answers(route: RouteSchema, schemas: Schemas): JsonObject {
  const entries = Object.entries(route.answers).map(([status, answer]) => [
    status,
    oneAnswer(answer, schemas),
  ])
  return Object.fromEntries(entries)
}

function oneAnswer({ description, body, headers }: AnswerSchema, schemas: Schemas): JsonObject {
  const described = Object.entries(headers ?? {}).map(([name, text]) => {
    return [name, { description: text, schema: { type: 'string' } }]
  })
  return {
    description,
    ...(described.length === 0 ? {} : { headers: Object.fromEntries(described) }),
    ...(body === undefined ? {} : { content: content(body, schemas) }),
  }
}

/** By status, each with the codes that it may bear. */
function refusals(route: RouteSchema, schemas: Schemas): JsonObject {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of [...new Set([...(route.problems ?? []), ...commonProblems(route)])]) {
    const { status } = problems[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries([...byStatus].map(([status, codes]) => [String(status), refusal(codes, schemas)]))
}

/** The status that says when to come again. */
const TOO_MANY = 429

function refusal(codes: readonly ProblemCode[], schemas: Schemas): JsonObject {
  const description = codes.map((code) => `\`${code}\`: ${problems[code].title}`).join('\n\n')
  const waits = codes.some((code) => problems[code].status === TOO_MANY)
  const headers = {
    'Retry-After': { description: 'seconds to wait', schema: { type: 'integer', minimum: 1 } },
  }
  const schema = {
    allOf: [schemas.of(Problem), { properties: { code: { enum: [...codes].sort() } } }],
  }
  return { description, ...(waits ? { headers } : {}), content: { [PROBLEM_MEDIA_TYPE]: { schema } } }
}

/** JSON Schemas of zod's, with those that have a name under `components`. */
class Schemas {
  readonly #named = new Map<string, JsonObject>()

  /** As it is sent: defaults and conversions are the receiver's. */
  of(schema: z.ZodType): JsonObject {
    const made = z.toJSONSchema(schema, { io: 'input', metadata: schemaNames })
    const { $schema: _, $defs = {}, ...rest } = withComponents(JSON.parse(JSON.stringify(made)))
    for (const [name, definition] of Object.entries($defs as JsonObject))
      this.#named.set(name, definition as JsonObject)
    return rest
  }

  /** In order of their names, so that a new route moves nothing. */
  named(): JsonObject {
    return Object.fromEntries([...this.#named].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}

function withComponents(schema: JsonObject): JsonObject {
  const text = JSON.stringify(schema)
  return JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/'))
}

/**
 * The OpenAPI 3.1 description of the window interface, made of the schemas that requests are checked by. It lies beside
 * this file as openapi.json (`node scripts/run.js device/http/window/write-openapi.ts` writes it anew), and each pad
 * hands it out at /window/v1/openapi.json.
 */
import { z } from 'zod'
import { PROBLEM_MEDIA_TYPE, Problem } from '../../../sync/protocol/problem.ts'
import { SealedUser } from '../../../sync/protocol/sealing.ts'
import { type HttpProblemCode, problemOf } from '../problem.ts'
import {
  AskedAnswer,
  EvaluationAnswer,
  EvaluationBody,
  ServiceBody,
  ServingBody,
  StaffBody,
  windowEvents,
} from './bodies.ts'
import { type Answer, type Description, descriptions } from './descriptions.ts'

/** Where the routes lie. */
export const WINDOW_PATH = '/window/v1'

/** Of the interface, not of the software: what is added beside it counts up the middle number. */
const CONTRACT_VERSION = '1.0.0'

const TITLE = 'Window24 pad: window interface'
const ABOUT = `What a hall's own systems ask of the rating pad (Window24, 夜窗) at a staffed window, over the LAN.

Each system has a bearer token in the pad's configuration, and the browser origins that it may be used from. Every error is a problem of RFC 9457 whose \`code\` is the contract: its words are not. Nothing here tells a level, or hints at one.`

const named: Readonly<Record<string, z.ZodType>> = {
  AskedAnswer,
  EvaluationAnswer,
  EvaluationBody,
  Problem,
  SealedUser,
  ServiceBody,
  ServingBody,
  StaffBody,
  EventStaff: windowEvents.staff,
  EventService: windowEvents.service,
  EventServing: windowEvents.serving,
}
/** `evaluation` tells just what asking after one does. */
const EVENT_SCHEMAS = { ...windowEvents, evaluation: EvaluationAnswer }

type Json = { [member: string]: unknown }

const registry = z.registry<{ id: string }>()
for (const [id, schema] of Object.entries(named)) registry.add(schema, { id })

export const windowOpenApi = (): Json => {
  const components = new Map<string, unknown>()
  const schemaOf = (schema: z.ZodType): Json => {
    const made = z.toJSONSchema(schema, { io: 'input', metadata: registry })
    const text = JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/')
    const { $schema: _, $defs = {}, ...rest } = JSON.parse(text) as Json
    for (const [name, definition] of Object.entries($defs as Json)) components.set(name, definition)
    return rest
  }
  const paths: Record<string, Json> = {}
  for (const one of descriptions as readonly Description[]) {
    const path = WINDOW_PATH + one.path.replace(/:([A-Za-z]+)/g, '{$1}')
    paths[path] = { ...paths[path], [one.method]: operation(one, schemaOf) }
  }
  for (const schema of [...Object.values(named), ...Object.values(EVENT_SCHEMAS)]) schemaOf(schema)
  const schemas = Object.fromEntries([...components].sort(([one], [other]) => (one < other ? -1 : 1)))
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: TITLE,
      version: CONTRACT_VERSION,
      description: ABOUT,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      {
        url: 'https://pad.example:8025',
        description: 'as `window.listen` and `window.tls` of a pad have it',
      },
    ],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'one of `window.tokens` of the pad' },
      },
      schemas,
    },
  }
}

export const windowOpenApiText = (): string => `${JSON.stringify(windowOpenApi(), null, 2)}\n`

const operation = (one: Description, schemaOf: (schema: z.ZodType) => Json): Json => {
  const parameters = Object.entries(one.parameters ?? {}).map(([name, description]) => {
    return { name, in: 'path', required: true, description, schema: { type: 'string' } }
  })
  return {
    operationId: one.operation,
    summary: one.summary,
    ...(one.description === undefined ? {} : { description: one.description }),
    security: one.by === 'system' ? [{ token: [] }] : [],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(one.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(one.body) } } } }),
    responses: { ...answers(one.answers, schemaOf), ...refusals(one, schemaOf) },
  }
}

const answers = (of: Readonly<Record<number, Answer>>, schemaOf: (schema: z.ZodType) => Json): Json =>
  Object.fromEntries(
    Object.entries(of).map(([status, { description, schema, mediaType = 'application/json' }]) => {
      if (schema !== undefined)
        return [status, { description, content: { [mediaType]: { schema: schemaOf(schema) } } }]
      return [status, status === '204' ? { description } : { description, content: { [mediaType]: {} } }]
    }),
  )

/** What any route may answer, by what it takes. */
const common = ({ by, body }: Description): HttpProblemCode[] => [
  ...(by === 'system' ? (['unauthorized', 'origin-not-allowed', 'not-enrolled', 'internal'] as const) : []),
  ...(body === undefined ? [] : (['body-invalid', 'body-too-large', 'media-type'] as const)),
]

/** By status, each with the codes that it may bear. */
const refusals = (one: Description, schemaOf: (schema: z.ZodType) => Json): Json => {
  const byStatus = Object.groupBy(
    new Set([...(one.problems ?? []), ...common(one)]),
    (code) => problemOf(code).status,
  )
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, codes = []]) => {
      const description = codes.map((code) => `\`${code}\`: ${problemOf(code).title}`).join('\n\n')
      const schema = { allOf: [schemaOf(Problem), { properties: { code: { enum: codes.toSorted() } } }] }
      return [
        status,
        {
          description,
          ...headersOf(codes),
          content: { [PROBLEM_MEDIA_TYPE]: { schema } },
        },
      ]
    }),
  )
}

const headersOf = (codes: readonly HttpProblemCode[]): Json => {
  const headers: Json = {
    ...(codes.includes('too-many-tries') && {
      'Retry-After': { description: 'seconds to wait', schema: { type: 'integer', minimum: 1 } },
    }),
    ...(codes.includes('unauthorized') && {
      'WWW-Authenticate': { description: 'Bearer', schema: { type: 'string' } },
    }),
  }
  return Object.keys(headers).length === 0 ? {} : { headers }
}

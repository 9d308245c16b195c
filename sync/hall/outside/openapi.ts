/** An integrator's contract as OpenAPI 3.1, made of the very schemas that answers are checked by. */
import { z } from 'zod'
import { caseSystemContract } from '../case-system/contract.ts'
import { proofIssuerContract } from '../proofs/contract.ts'
import { queueSystemContract } from '../queue/contract.ts'
import { type Contract, type Operation, RefusalBody } from './operation.ts'

/** Counts up when a contract changes; members are only ever added. */
const VERSION = '1'

/** By the name of the file that is checked in beside this one. */
export const contracts: Readonly<Record<string, Contract>> = {
  'case-system.openapi.json': caseSystemContract,
  'proof-issuer.openapi.json': proofIssuerContract,
  'queue-system.openapi.json': queueSystemContract,
}

const REFUSED: Readonly<Record<number, string>> = {
  404: 'nothing here is called so',
  409: 'refused, with words for the citizen',
  422: 'refused, with words for the citizen',
}

export function openApiOf({ title, description, operations }: Contract): object {
  const paths = Object.groupBy(operations, ({ path }) => path)
  return {
    openapi: '3.1.0',
    info: { title, description, version: VERSION, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: 'https://integrator.example/window24', description: 'as hall.json gives it' }],
    security: [{ token: [] }],
    paths: Object.fromEntries(
      Object.entries(paths).map(([path, of = []]) => [
        path,
        Object.fromEntries(of.map((one) => [one.method.toLowerCase(), described(one)])),
      ]),
    ),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'the token that hall.json gives' },
      },
      schemas: { Refusal: schemaOf(RefusalBody, 'input') },
    },
  }
}

function described(one: Operation): object {
  const { id, summary, description, body, idempotent, status, answer, refusals, timeoutMs } = one
  const deadline = `The hall waits ${timeoutMs / 1000} s for the whole answer.`
  return {
    operationId: id,
    summary,
    description: description === undefined ? deadline : `${description} ${deadline}`,
    ...(idempotent === true ? { parameters: [KEY_PARAMETER] } : {}),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            // What this hall sends, so as it comes out of the schema.
            content: { 'application/json': { schema: schemaOf(body, 'output') } },
          },
        }),
    responses: {
      [status]: {
        description: 'done',
        content:
          answer === 'application/pdf'
            ? { 'application/pdf': { schema: { type: 'string', contentMediaType: 'application/pdf' } } }
            : { 'application/json': { schema: schemaOf(answer as z.ZodType, 'input') } },
      },
      ...Object.fromEntries(
        refusals.map((refusal) => [
          refusal,
          {
            description: REFUSED[refusal] ?? '',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
          },
        ]),
      ),
    },
  }
}

const KEY_PARAMETER = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: 'names this errand: the same key again gets the same answer, for at least 24 hours',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{8,64}$' },
}

/** @param io what a schema with defaults takes (`input`) or what it gives (`output`) */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io })
  return described
}

export function openApiText(contract: Contract): string {
  return `${JSON.stringify(openApiOf(contract), null, 2)}\n`
}

/** Holds every answer that the hall's tests see against the hall's own OpenAPI description. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { z } from 'zod'
import { openApiDocument } from '../../../../sync/hall/http/openapi/document.ts'

const Content = z.record(z.string(), z.object({ schema: z.unknown() }))
const Operation = z.object({
  responses: z.record(z.string(), z.object({ content: Content.optional() })),
})
const Described = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) })

const document = openApiDocument()
const { paths } = Described.parse(document)
const routes = Object.entries(paths).map(([path, operations]) => {
  const pattern = new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`)
  return { path, pattern, operations }
})

// Formats have their patterns beside them; unknown keywords are OpenAPI's own.
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
ajv.addSchema({ $id: 'hall', ...document })
const validators = new Map<string, ValidateFunction>()

/** For a request that the description has a route for; nothing is said of others. */
export function expectDescribed(
  request: { method: string; path: string },
  answer: Response,
  text: string,
): void {
  const route = routes.find(({ pattern }) => pattern.test(request.path))
  const operation = route?.operations[request.method.toLowerCase()]
  if (route === undefined || operation === undefined) return
  const place = `${request.method} ${route.path} → ${answer.status}`
  const described = operation.responses[String(answer.status)]
  if (described === undefined) throw new Error(`${place} is not described: ${text}`)
  const mediaType = (answer.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? ''
  const content = described.content ?? {}
  const key = mediaType in content ? mediaType : '*/*'
  if (mediaType === '' && Object.keys(content).length === 0) return
  if (content[key] === undefined)
    throw new Error(`${place}: ${mediaType || 'no media type'} is not described`)
  if (!/json$/.test(mediaType) || key === '*/*') return
  const pointer = ['paths', route.path, request.method.toLowerCase(), 'responses', String(answer.status)]
  const validate = validator([...pointer, 'content', key, 'schema'])
  if (validate(JSON.parse(text))) return
  throw new Error(
    `${place} is not as described: ${ajv.errorsText(validate.errors)} in ${text.slice(0, 2000)}`,
  )
}

function validator(pointer: readonly string[]): ValidateFunction {
  const $ref = `hall#/${pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`
  const known = validators.get($ref)
  if (known !== undefined) return known
  const made = ajv.compile({ $ref })
  validators.set($ref, made)
  return made
}

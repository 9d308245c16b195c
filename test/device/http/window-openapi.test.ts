import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Device } from '../../../device/device.ts'
import { type Description, descriptions } from '../../../device/http/window/descriptions.ts'
import { windowOpenApi } from '../../../device/http/window/openapi.ts'
import { startTestDevice, startTestHall, temporaryFolder, WINDOW_TOKEN } from '../support/house.ts'
import { openPad } from '../support/screen.ts'

type Json = { [member: string]: unknown }
interface Operation {
  requestBody?: { content: Record<string, { schema: Json }> }
  responses: Record<string, { content?: Record<string, { schema?: Json }> }>
}

const FILE = new URL('../../../device/http/window/openapi.json', import.meta.url)
const description = windowOpenApi()
const paths = description.paths as Record<string, Record<string, Operation>>

const parts = new AsyncDisposableStack()
let device: Device

beforeAll(async () => {
  const hall = await startTestHall(parts)
  const enrolmentCode = hall.createEnrolmentCode()
  const dataDir = await temporaryFolder(parts)
  device = await startTestDevice({ role: 'pad', hallUrl: hall.url, enrolmentCode, dataDir })
  parts.defer(() => device.close())
  const screen = await openPad(device.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(({ view, hall }) => view.name === 'rest' && hall !== null)
})
afterAll(() => parts.disposeAsync())

const request = (method: string, path: string, body?: object): Promise<Response> =>
  fetch(device.windowUrl + path, {
    method,
    headers: {
      authorization: `Bearer ${WINDOW_TOKEN}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

it('the description is valid OpenAPI 3.1, and the file beside the code is it', async () => {
  const validator = new Validator()
  expect(await validator.validate(structuredClone(description))).toMatchObject({ valid: true })
  const told = 'run: node scripts/run.js device/http/window/write-openapi.ts'
  expect(JSON.parse(readFileSync(FILE, 'utf8')), told).toEqual(JSON.parse(JSON.stringify(description)))
})

it('a pad hands out its description to whoever asks, without a token', async () => {
  const response = await fetch(`${device.windowUrl}/window/v1/openapi.json`)
  expect([response.status, await response.json()]).toEqual([200, JSON.parse(JSON.stringify(description))])
})

it('the running listener knows each described route, and refuses every other method there', async () => {
  for (const path of Object.keys(paths)) {
    const allowed = Object.keys(paths[path] ?? {}).map((method) => method.toUpperCase())
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
      const response = await request(method, path.replace('{id}', 'x'))
      await response.body?.cancel()
      if (allowed.includes(method)) expect(response.status, `${method} ${path}`).not.toBe(405)
      else expect([response.status, response.headers.get('allow')], path).toEqual([405, allowed.join(', ')])
    }
  }
})

it('what the listener takes and answers fits the schemas, problems too', async () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: 'window', ...description } as object)
  /** Sends it and holds the answer against what is described for it. */
  const held = async (method: string, path: string, status: number, body?: object): Promise<Json> => {
    const described = Object.keys(paths).find((one) =>
      new RegExp(`^${one.replace(/\{[a-z]+\}/, '[^/]+')}$`).test(path),
    )
    const pointer = described?.replaceAll('~', '~0').replaceAll('/', '~1')
    const at = `window#/paths/${pointer}/${method.toLowerCase()}`
    const response = await request(method, path, body)
    const text = await response.text()
    expect(response.status, `${method} ${path}: ${text}`).toBe(status)
    const type = (response.headers.get('content-type') ?? '').split(';')[0]?.replace('/', '~1')
    if (status === 204) return {}
    const check = ajv.compile({ $ref: encodeURI(`${at}/responses/${status}/content/${type}/schema`) })
    const answer: Json = JSON.parse(text)
    expect([check(answer), check.errors], `${method} ${path} ${status}`).toEqual([true, null])
    if (body !== undefined) {
      const takes = ajv.compile({ $ref: encodeURI(`${at}/requestBody/content/application~1json/schema`) })
      expect(takes(body), `${method} ${path} takes ${JSON.stringify(body)}`).toBe(
        status < 400 || status === 409,
      )
    }
    return answer
  }
  const evaluation = { caseNo: 'OPENAPI1', itemCode: '11330099MB0A00010R3', itemName: '普通护照申领' }
  const { id } = await held('POST', '/window/v1/evaluations', 201, evaluation)
  await held('POST', '/window/v1/evaluations', 200, evaluation)
  await held('POST', '/window/v1/evaluations', 409, { ...evaluation, caseNo: 'OPENAPI2' })
  await held('POST', '/window/v1/evaluations', 400, { ...evaluation, level: 5 })
  await held('POST', '/window/v1/evaluations', 400, { ...evaluation, assessNumber: 3 })
  await held('GET', `/window/v1/evaluations/${id}`, 200)
  await held('DELETE', `/window/v1/evaluations/${id}`, 204)
  await held('GET', '/window/v1/evaluations/unknown', 404)
  await held('PUT', '/window/v1/staff', 204, { staffId: 'S012' })
  await held('PUT', '/window/v1/service', 204, { state: 'paused', message: '请到 11 号窗口' })
  await held('POST', '/window/v1/evaluations', 409, evaluation)
  await held('PUT', '/window/v1/service', 204, { state: 'open' })
  await held('PUT', '/window/v1/service', 400, { state: 'closed' })
  await held('PUT', '/window/v1/serving', 204, { ticketNo: 'A018' })
  await held('PUT', '/window/v1/serving', 400, { ticketNo: '' })
})

it('no level is in the description, and every route says what it answers', () => {
  expect(JSON.stringify(description)).not.toMatch(/"level"|satisf/i)
  for (const { answers } of descriptions as readonly Description[]) {
    expect(Object.keys(answers).length).toBeGreaterThan(0)
  }
})

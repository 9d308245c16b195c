import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { openApiDocument } from '../../../sync/hall/http/openapi/document.ts'
import { routeSchemas } from '../../../sync/hall/http/openapi/routes.ts'
import { hallRoutes } from '../../../sync/hall/http/route-table.ts'
import { enrolledDevice, startTestHall } from './helpers.ts'

const document = openApiDocument()
const FILE = new URL('../../../sync/hall/http/openapi/openapi.json', import.meta.url)

test('the description is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  expect(await validator.validate(structuredClone(document))).toMatchObject({ valid: true })
  expect(validator.version).toBe('3.1')
})

test('every schema in it is one of JSON Schema 2020-12, and every reference leads somewhere', () => {
  const text = JSON.stringify(document)
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference)
  expect(references.length).toBeGreaterThan(10)
  const names = Object.keys(Object(Object(document.components).schemas))
  for (const reference of references)
    expect(names, reference).toContain(reference.replace('#/components/schemas/', ''))
})

test('the file beside the code is the description of this version', () => {
  const told = 'run: window24 hall openapi > sync/hall/http/openapi/openapi.json'
  expect(JSON.parse(readFileSync(FILE, 'utf8')), told).toEqual(document)
})

test('every route and method of the running server is described, and nothing else', async () => {
  const described = routeSchemas.map(({ method, path }) => `${method} ${path}`).sort()
  const answered = Object.entries(hallRoutes).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  )
  expect(described).toEqual(answered.sort())
})

test('the running server knows each described route, and refuses every other method there', async () => {
  const hall = await startTestHall({ demo: true })
  const device = await enrolledDevice(hall)
  const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']
  for (const path of new Set(routeSchemas.map((route) => route.path))) {
    const allowed = routeSchemas
      .filter((route) => route.path === path)
      .map(({ method }) => method.toUpperCase())
    const plain = path.replace(':id', device.deviceId).replace(/:[A-Za-z0-9]+/g, 'x')
    for (const method of methods) {
      const answer = await fetch(hall.hall.url + plain, { method })
      if (allowed.includes(method)) expect(answer.status, `${method} ${path}`).not.toBe(405)
      else {
        expect(answer.status, `${method} ${path}`).toBe(405)
        expect(answer.headers.get('allow')).toBe(allowed.join(', '))
      }
      await answer.body?.cancel()
    }
  }
  await hall.close()
})

test('a signed route says which headers sign it', () => {
  const { paths } = document as {
    paths: Record<string, Record<string, { security: object[]; parameters?: object[] }>>
  }
  const status = paths['/v1/devices/{id}/status']?.put
  expect(status?.security).toEqual([{ deviceSignature: [], signatureInput: [] }])
  expect(status?.parameters).toMatchObject([{ name: 'id' }, { name: 'Content-Digest', required: true }])
  expect(paths['/v1/time']?.get?.security).toEqual([])
})

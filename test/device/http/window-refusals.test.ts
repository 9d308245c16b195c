import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Device } from '../../../device/device.ts'
import type { PadState } from '../../../device/http/contract.ts'
import { WINDOW_TOKEN, windowRequest } from '../support/house.ts'
import { evaluation, type PadAtWindow, startPadAtWindow } from '../support/pad-at-window.ts'
import { bodyOf, type TestScreen } from '../support/screen.ts'

const parts = new AsyncDisposableStack()
let pad: PadAtWindow
let device: Device
let screen: TestScreen<PadState>

beforeAll(async () => {
  pad = await startPadAtWindow(parts)
  device = pad.device
  screen = pad.screen
})
afterAll(() => parts.disposeAsync())

const ask = (...given: Parameters<PadAtWindow['ask']>) => pad.ask(...given)

describe('the window interface, asked wrongly or twice,', () => {
  beforeEach(() => pad.clear())

  it('of two requests at once opens one, and is busy for the other', async () => {
    const both = await Promise.all([ask('CASE12N1'), ask('CASE12N2')])
    const [opened, refused] = both.toSorted((one, other) => one.status - other.status)
    expect([opened?.status, refused?.status, refused?.body.code]).toEqual([201, 409, 'busy'])
    expect((await screen.untilView('asking')).view.evaluationId).toBe(opened?.body.id)
  })

  it('of two requests for one case at once opens one, and gives both its id', async () => {
    const both = await Promise.all([ask('CASE13N1'), ask('CASE13N1')])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 201])
    expect(both[0]?.body.id).toBe(both[1]?.body.id)
  })

  it('refuses what it does not know, by path, method, size, type and text, each as a problem', async () => {
    const authorization = `Bearer ${WINDOW_TOKEN}`
    const json = { authorization, 'content-type': 'application/json' }
    const whole = JSON.stringify(evaluation('CASE15N1'))
    const wrong: [string, string, RequestInit['headers'], string | undefined, number, string][] = [
      ['GET', '/nowhere', { authorization }, undefined, 404, 'not-found'],
      ['GET', '/evaluations', { authorization }, undefined, 405, 'method-not-allowed'],
      ['PATCH', '/staff', json, '{}', 405, 'method-not-allowed'],
      ['POST', '/evaluations', json, JSON.stringify({ x: 'x'.repeat(100_000) }), 413, 'body-too-large'],
      ['POST', '/evaluations', { ...json, 'content-type': 'text/plain' }, whole, 415, 'media-type'],
      ['POST', '/evaluations', { ...json, 'content-encoding': 'gzip' }, whole, 415, 'media-type'],
      ['POST', '/evaluations', json, '{"caseNo":', 400, 'body-invalid'],
      ['POST', '/evaluations', json, undefined, 400, 'body-invalid'],
      ['PUT', '/service', json, '{"state":"paused","message":"a\\u0007b"}', 400, 'body-invalid'],
      ['PUT', '/service', json, '{"state":"closed"}', 400, 'body-invalid'],
      ['PUT', '/serving', json, '{"ticketNo":""}', 400, 'body-invalid'],
      ['PUT', '/staff', json, '{"staffId":"S012","level":5}', 400, 'body-invalid'],
    ]
    for (const [method, path, headers, body, status, code] of wrong) {
      const response = await fetch(`${device.windowUrl}/window/v1${path}`, {
        method,
        ...(headers && { headers }),
        ...(body !== undefined && { body }),
      })
      const problem = await bodyOf(response)
      expect([response.status, problem.code], `${method} ${path} ${body?.slice(0, 40)}`).toEqual([
        status,
        code,
      ])
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
      expect(problem).toMatchObject({ type: `urn:w24:problem:${code}`, title: expect.any(String) })
    }
    const asked = await fetch(`${device.windowUrl}/window/v1/evaluations`, { headers: { authorization } })
    expect(asked.headers.get('allow')).toBe('POST')
    await asked.body?.cancel()
    expect(screen.state().view.name).toBe('rest')
  })

  it('says what is wrong with a body, without its values', async () => {
    const wrong: [object, string][] = [
      [{ ...evaluation('CASE9N1'), level: 5 }, 'unknown: level'],
      [evaluation('CASE 1'), 'caseNo'],
      [evaluation('CASE9N1', { itemName: 'a\u0000b' }), 'itemName'],
      [evaluation('CASE9N1', { itemName: '\ud800' }), 'itemName'],
      [evaluation('CASE9N1', { assessNumber: 3 }), 'assessNumber'],
      [evaluation('CASE9N1', { user: '林晚舟' }), 'user'],
      [{}, 'caseNo'],
    ]
    for (const [body, place] of wrong) {
      const response = await windowRequest(device, 'POST', '/evaluations', body)
      const problem = await bodyOf(response)
      expect([response.status, problem.code], JSON.stringify(body)).toEqual([400, 'body-invalid'])
      expect(problem.detail).toContain(place)
      expect(JSON.stringify(problem)).not.toContain('林晚舟')
    }
  })

  it('lets a browser in from the origins of its token only', async () => {
    const preflight = (origin: string) =>
      fetch(`${device.windowUrl}/window/v1/evaluations`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
    const allowed = await preflight('http://clerk.example')
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'http://clerk.example',
    ])
    const strange = await preflight('http://evil.example')
    expect([strange.status, strange.headers.get('access-control-allow-origin')]).toEqual([403, null])
    const request = (origin: string) =>
      fetch(`${device.windowUrl}/window/v1/staff`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${WINDOW_TOKEN}`, origin },
      })
    expect((await request('http://clerk.example')).status).toBe(204)
    const refused = await request('http://evil.example')
    expect([refused.status, (await bodyOf(refused)).code]).toEqual([403, 'origin-not-allowed'])
  })

  it('needs a token of this pad on every route', async () => {
    const routes: [string, string][] = [
      ['POST', '/evaluations'],
      ['GET', '/evaluations/x'],
      ['DELETE', '/evaluations/x'],
      ['PUT', '/staff'],
      ['DELETE', '/staff'],
      ['PUT', '/service'],
      ['PUT', '/serving'],
      ['GET', '/events'],
      ['GET', '/nowhere'],
    ]
    for (const [method, path] of routes) {
      for (const authorization of [
        undefined,
        'Bearer',
        'Bearer wrong',
        `Basic ${WINDOW_TOKEN}`,
        `Bearer ${WINDOW_TOKEN}x`,
      ]) {
        const response = await fetch(`${device.windowUrl}/window/v1${path}`, {
          method,
          headers: authorization === undefined ? {} : { authorization },
        })
        expect(response.status, `${method} ${path} with ${authorization}`).toBe(401)
        expect(response.headers.get('www-authenticate')).toBe('Bearer')
        expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
        await response.body?.cancel()
      }
    }
  })
})

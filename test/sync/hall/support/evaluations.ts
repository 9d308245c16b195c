/** A system that asks through the hall, and a pad's line read block by block. */
import { expect } from 'vitest'
import type { PadAnswer } from '../../../../sync/protocol/evaluations.ts'
import { padAnswerPath } from '../../../../sync/protocol/evaluations.ts'
import { type Reply, reply, type TestDevice, type TestHall } from '../helpers.ts'
import { run } from './command.ts'
import { expectDescribed } from './described.ts'
import { openLine } from './event-line.ts'

export const SERVICE = {
  window: '12',
  caseNo: 'YX2026110007K3',
  itemCode: '11330099MB0A00010R3000101010000',
  itemName: '普通护照申领',
}

export interface AskingSystem {
  ask(body: object | string, headers?: Record<string, string>): Promise<Reply>
  get(id: unknown): Promise<Reply>
  cancel(id: unknown): Promise<Reply>
}

export async function newToken(dataDir: string, name = 'case system'): Promise<string> {
  return (await run('token', name, '--data', dataDir)).out.trim()
}

/** @param token null: none is sent */
export function systemAt({ hall }: Pick<TestHall, 'hall'>, token: string | null): AskingSystem {
  async function send(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const response = await fetch(hall.url + path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    const answer = await reply(response)
    expectDescribed({ method, path }, response, answer.text)
    return answer
  }
  return {
    ask: (body, headers) =>
      send('POST', '/v1/evaluations', typeof body === 'string' ? body : JSON.stringify(body), headers),
    get: (id) => send('GET', `/v1/evaluations/${id}`),
    cancel: (id) => send('DELETE', `/v1/evaluations/${id}`),
  }
}

export interface PadLine {
  /** The next `evaluation` or `evaluation-cancelled`. */
  next(): Promise<{ event: string; id: string; question?: Record<string, unknown> | null }>
  answer(id: unknown, state: PadAnswer['state']): Promise<Reply>
}

export async function padLine(hall: TestHall, pad: TestDevice): Promise<PadLine> {
  const stream = await openLine(hall, pad)
  return {
    async next() {
      for (;;) {
        const { value, done } = await stream.next()
        if (done === true) throw new Error('the line has ended')
        const [, event = '', data = ''] = /^event: (evaluation[a-z-]*)\ndata: (.*)$/.exec(value) ?? []
        if (event !== '') return { event, ...JSON.parse(data) }
      }
    },
    answer: (id, state) =>
      pad.ask({ method: 'PUT', path: padAnswerPath(pad.deviceId, String(id)), body: { state } }),
  }
}

/** Asked and taken, as far as the hall knows. */
export async function takenQuestion(
  system: AskingSystem,
  line: PadLine,
  body: object = SERVICE,
): Promise<string> {
  const asked = system.ask(body)
  const { id } = await line.next()
  expect((await line.answer(id, 'waiting')).json).toEqual({ id, state: 'waiting' })
  const answer = await asked
  expect([answer.status, answer.json.id, answer.json.state]).toEqual([201, id, 'waiting'])
  return id
}

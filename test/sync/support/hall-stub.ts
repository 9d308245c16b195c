/** A small real HTTP server for the answers that a sound hall never gives. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Received {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: Buffer
}

/** Answers, or leaves the response open for the test to go on with. */
export type Handler = (request: Received, response: ServerResponse) => void

export interface HallStub {
  url: string
  port: number
  /** All that came, in order. */
  received: Received[]
  /** Replaces how further requests are answered. */
  answer(handler: Handler): void
  /** Cuts every connection and takes no new one, until `listen`. */
  cut(): Promise<void>
  listen(): Promise<void>
}

export async function startHallStub(first: Handler): Promise<HallStub> {
  let handler = first
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const whole = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks),
      }
      received.push(whole)
      handler(whole, response)
    })
  })
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => resolve())
    })
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await listen(0)
  const { port } = server.address() as AddressInfo
  onTestFinished(async () => {
    if (server.listening) await cut()
  })
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    answer: (next) => {
      handler = next
    },
    cut,
    listen: () => listen(port),
  }
}

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

export function answerProblem(
  response: ServerResponse,
  status: number,
  code: string,
  members: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): void {
  const body = { type: `urn:w24:problem:${code}`, code, title: 'as told', detail: 'by this test', ...members }
  answerJson(response, status, body, { 'content-type': 'application/problem+json', ...headers })
}

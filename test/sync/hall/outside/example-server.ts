/** What an integrator writes: the contract of sync/hall/outside over HTTP, in front of whatever it is that it has. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Answered {
  status: number
  /** Bytes are a PDF. */
  body: unknown
}

/** By method and path, such as `POST /proofs`. */
export type Handlers = Readonly<Record<string, (body: never, key: string) => Promise<Answered>>>

export interface ExampleServer {
  url: string
  close(): Promise<void>
}

export async function exampleServer(token: string, handlers: Handlers): Promise<ExampleServer> {
  async function answer(request: IncomingMessage): Promise<Answered> {
    if (request.headers.authorization !== `Bearer ${token}`) return refused(401, 'unauthorized')
    const handler = handlers[`${request.method} ${request.url}`]
    if (handler === undefined) return refused(404, 'not-found')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString('utf8')
    const body: unknown = text === '' ? null : JSON.parse(text)
    return await handler(body as never, String(request.headers['idempotency-key'] ?? ''))
  }
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const { status, body } = await answer(request)
    const pdf = body instanceof Uint8Array
    response.writeHead(status, { 'content-type': pdf ? 'application/pdf' : 'application/json' })
    response.end(pdf ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  }
}

export const refused = (status: number, code: string, words = '这里没有。'): Answered => ({
  status,
  body: { code, words },
})

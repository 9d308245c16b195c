/** One request over a connection of its own, and every byte of its answer. */
import { connect, type Socket } from 'node:net'

export interface RawServer {
  /** The whole answer as it came off the wire, head and body. */
  ask(method: string, path: string, body?: object): Promise<string>
  /** The connection with its request sent, for an answer that has no end. */
  open(method: string, path: string, body?: object): Socket
}

/** @param url of the server and of all paths there: `http:`, without a stroke at its end */
export function rawServer(url: string, token: string): RawServer {
  const { hostname, port, pathname } = new URL(url)
  const base = pathname === '/' ? '' : pathname
  const open = (method: string, path: string, body?: object): Socket => {
    const text = body === undefined ? '' : JSON.stringify(body)
    const socket = connect(Number(port), hostname)
    const head = [
      `${method} ${base}${path} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      `Authorization: Bearer ${token}`,
      'Connection: close',
      ...(text === ''
        ? []
        : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]),
    ]
    socket.write(`${head.join('\r\n')}\r\n\r\n${text}`)
    return socket
  }
  return {
    open,
    async ask(method, path, body) {
      let answer = ''
      for await (const text of open(method, path, body).setEncoding('utf8')) answer += text
      return answer
    },
  }
}

/** The JSON of an answer. */
export function jsonOf(answer: string): Record<string, unknown> {
  const body: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))
  return body as Record<string, unknown>
}

/** Without what no two answers can share: the time, the number of a question, and the hash of both. */
export const faceless = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)/g, '<time>')
    .replaceAll(/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/gm, 'Date: <date>')
    .replaceAll(/^ETag: W\/"([0-9a-f]+)-.{27}"/gm, 'ETag: $1')

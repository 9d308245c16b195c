import type { ServerResponse } from 'node:http'
import type { IppFault } from './ipp-printer-faults.ts'
import { type WireMessage, writeMessage } from './ipp-printer-wire.ts'

const CHUNK_BYTES = 65_536
/** An attribute whose value claims to be -8 bytes long. */
const HOSTILE = '020000000000000101440001' + '61fff8030303'

/** Sends an answer, or what a fault makes of it. */
export function respond(
  response: ServerResponse,
  answer: Omit<WireMessage, 'document'>,
  fault: IppFault | undefined,
): void {
  const bytes = writeMessage(answer)
  const socket = response.socket
  const send = (body: Buffer): void => {
    response.writeHead(200, { 'Content-Type': 'application/ipp', 'Content-Length': body.length }).end(body)
  }
  const sendHalf = (then: () => void): void => {
    response.writeHead(200, { 'Content-Type': 'application/ipp', 'Content-Length': bytes.length })
    response.write(bytes.subarray(0, bytes.length / 2), then)
  }
  switch (fault?.kind) {
    case undefined:
    case 'early':
      send(bytes)
      return
    case 'garbage':
      socket?.end('\u0000\u0007 no HTTP at all \r\n\r\n')
      return
    case 'garbage-ipp':
      send(Buffer.from('<html>configuration of the printer</html>'))
      return
    case 'hostile-ipp': {
      const hostile = Buffer.from(HOSTILE, 'hex')
      hostile.writeInt32BE(answer.requestId, 4)
      send(hostile)
      return
    }
    case 'other-answer':
      send(writeMessage({ ...answer, requestId: answer.requestId ^ 1 }))
      return
    case 'hang':
      return
    case 'hang-within':
      sendHalf(() => {})
      return
    case 'die':
    case 'die-early':
      socket?.resetAndDestroy()
      return
    case 'die-within':
      sendHalf(() => socket?.resetAndDestroy())
      return
    case 'endless':
      pour(response)
      return
    case 'http':
      response.writeHead(fault.status).end()
      return
    case 'refuse':
    case 'refuse-late':
      send(writeMessage({ ...answer, code: fault.status, groups: answer.groups.slice(0, 1) }))
      return
  }
}

/** As fast as the other side takes it, until it goes. */
function pour(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/ipp' })
  const more = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(CHUNK_BYTES, 0x44)));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
}

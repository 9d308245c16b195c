/** One line for each request: what was asked, by which device, how it ended. Never a body, a path or a header. */
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'

export function logRequests(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const begun = performance.now()
    response.on('close', () => {
      const ms = Math.round(performance.now() - begun)
      const route: unknown = request.route?.path ?? null
      const device: unknown = response.locals.device ?? null
      logger.info({ method: request.method, route, status: response.statusCode, device, ms }, 'request')
    })
    next()
  }
}

/** Of an unforeseen error its kind and place: its message may quote what somebody sent. */
export function errorForLog(error: unknown): { name: string; code: string | null; at: string[] } {
  if (!(error instanceof Error)) return { name: typeof error, code: null, at: [] }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const code = 'code' in error ? String(error.code) : null
  return { name: error.name, code, at: frames.map((line) => line.trim()) }
}

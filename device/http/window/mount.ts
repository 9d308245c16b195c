/** A table of routes on an app: every path knows its methods, and says so when it is asked by another. */
import type { Express, RequestHandler } from 'express'
import { HttpProblem } from '../problem.ts'

export interface Route {
  method: string
  path: string
  /** In their order; one that throws is answered as a problem. */
  handlers: readonly RequestHandler[]
}

export const mount = (app: Express, routes: readonly Route[]): void => {
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path)
    for (const { method, handlers } of here) {
      app.all(path, ...handlers.map((handler) => onlyFor(method, handler)))
    }
    const allow = here.map(({ method }) => method.toUpperCase()).join(', ')
    app.all(path, () => {
      throw new HttpProblem('method-not-allowed', `this path takes ${allow}`, { Allow: allow })
    })
  }
}

const onlyFor = (method: string, handler: RequestHandler): RequestHandler => {
  return (request, response, next) => {
    if (request.method.toLowerCase() !== method) return next()
    return handler(request, response, next)
  }
}

/** `window24 hall token`: what an integrating system shows itself with (PROTOCOLS.md §1.5). */
import { HallError } from '../fault.ts'
import { isTokenName, newToken, tokenHash } from '../tokens.ts'
import { inColumns, minute } from './columns.ts'
import { DONE, defineCommand, WrongUse } from './command.ts'
import { withStore } from './open.ts'

export const token = defineCommand({
  help: `  window24 hall token NAME --data DIR
      prints a bearer token for the integrating system NAME, this once: the hall keeps only its hash. It is for
      case systems that cannot reach the pads themselves and ask this hall for a rating (POST /v1/evaluations)
  window24 hall token list --data DIR
      who has one, since when, and when it was last used
  window24 hall token revoke NAME --data DIR
      the token of NAME is refused from now on; a new one may be made under the same name
`,
  options: {},
  words: { min: 1, max: 2 },
  async run({ hall, words: [first = '', second] }) {
    return await withStore(hall, async ({ tokens }) => {
      if (first === 'list' && second === undefined) {
        const rows = (await tokens.list()).map(({ name, createdAt, lastUsedAt, revokedAt }) => [
          name,
          minute(createdAt),
          lastUsedAt === null ? 'never' : minute(lastUsedAt),
          revokedAt === null ? '' : `revoked ${minute(revokedAt)}`,
        ])
        process.stdout.write(
          rows.length === 0
            ? 'no token was ever made\n'
            : inColumns([['name', 'made', 'last used', ''], ...rows]),
        )
        return DONE
      }
      if (first === 'revoke') {
        if (second === undefined) throw new WrongUse('whose token is to be revoked? Give its NAME')
        if (!(await tokens.revoke(second, new Date())))
          throw new HallError(
            'no-such-token',
            `no token in use is called "${second}": see "window24 hall token list"`,
          )
        return DONE
      }
      if (second !== undefined)
        throw new WrongUse(`"${second}" is one word too many; a name with spaces stands in quotes`)
      if (!isTokenName(first))
        throw new WrongUse(
          'a NAME is 1 to 60 characters without control characters, and neither list nor revoke',
        )
      const made = newToken()
      if (!(await tokens.add(first, tokenHash(made), new Date())))
        throw new HallError(
          'token-name-taken',
          `"${first}" has a token already: revoke it first, or give this one another name`,
        )
      process.stdout.write(`${made}\n`)
      return DONE
    })
  },
})

/** Real certificates, made by openssl for one test: an authority, and servers that it has signed. */
import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Issued {
  certFile: string
  keyFile: string
  pem: string
  /** As device.json has it. */
  pin: string
}

export interface Authority {
  ca: Issued
  /** @param from @param until as openssl writes instants: YYYYMMDDHHMMSSZ */
  issue(name: string, options?: IssueOptions): Issued
  close(): void
}

export interface IssueOptions {
  host?: string
  from?: string
  until?: string
  /** The key of a certificate that was issued before. */
  keyOf?: Issued
  purpose?: 'serverAuth' | 'clientAuth'
  /** By an authority between this one and the server. */
  through?: Issued
  authority?: boolean
}

const NOW_AND_LONG = { from: '20200101000000Z', until: '20991231000000Z' }

export function makeAuthority(name = 'Hall CA'): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'w24-certificates-'))
  const at = (file: string): string => join(folder, file)
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  }
  let serial = 0

  function key(file: string): string {
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', at(file))
    return at(file)
  }

  /** `openssl ca` alone sets both dates as they are wanted; it keeps a database, one for each certificate here. */
  function sign(
    own: string,
    subject: string,
    keyFile: string,
    by: Issued | null,
    extensions: string,
    dates: { from: string; until: string },
  ): Issued {
    serial += 1
    const request = at(`${own}.csr`)
    const certFile = at(`${own}.pem`)
    writeFileSync(at('index.txt'), '')
    writeFileSync(at('serial'), `${String(serial).padStart(4, '0')}\n`)
    writeFileSync(
      at('openssl.cnf'),
      `[req]\ndistinguished_name=dn\n[dn]\n[ca]\ndefault_ca=c\n[c]\ndatabase=${at('index.txt')}\nserial=${at('serial')}\nnew_certs_dir=${folder}\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n[e]\n${extensions}\n`,
    )
    openssl(
      'req',
      '-new',
      '-config',
      at('openssl.cnf'),
      '-key',
      keyFile,
      '-subj',
      `/CN=${subject}`,
      '-out',
      request,
    )
    const signer =
      by === null ? ['-selfsign', '-keyfile', keyFile] : ['-cert', by.certFile, '-keyfile', by.keyFile]
    openssl(
      'ca',
      '-batch',
      '-notext',
      '-config',
      at('openssl.cnf'),
      ...signer,
      '-extensions',
      'e',
      '-startdate',
      dates.from,
      '-enddate',
      dates.until,
      '-in',
      request,
      '-out',
      certFile,
    )
    return issued(certFile, keyFile)
  }

  const ca = sign(
    'ca',
    name,
    key('ca.key'),
    null,
    'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign',
    NOW_AND_LONG,
  )
  return {
    ca,
    issue(own, options = {}) {
      const {
        host = 'IP:127.0.0.1',
        from,
        until,
        keyOf,
        purpose = 'serverAuth',
        through,
        authority,
      } = options
      const keyFile = keyOf?.keyFile ?? key(`${own}.key`)
      const dates = { from: from ?? NOW_AND_LONG.from, until: until ?? NOW_AND_LONG.until }
      const extensions =
        authority === true
          ? 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign'
          : `basicConstraints=CA:FALSE\nextendedKeyUsage=${purpose}\nsubjectAltName=${host}`
      const made = sign(own, own, keyFile, through ?? ca, extensions, dates)
      if (through === undefined) return made
      writeFileSync(made.certFile, made.pem + through.pem)
      return { ...made, pem: made.pem + through.pem }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function issued(certFile: string, keyFile: string): Issued {
  const pem = readFileSync(certFile, 'utf8')
  const spki = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' })
  return { certFile, keyFile, pem, pin: `sha256/${createHash('sha256').update(spki).digest('base64')}` }
}

/** A browser without a browser: it keeps cookies, sends forms as one does, and reads pages. */
import { expect } from 'vitest'
import type { House } from '#gateway/testing/house.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export interface Visitor {
  readonly cookies: Map<string, string>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** As a form of this very site is sent. */
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Answer>
  signIn(key: string, officer?: string): Promise<Answer>
  /** The token that the forms of this session carry. */
  formToken(): Promise<string>
  /** With the token. */
  act(path: string, fields: Record<string, string>): Promise<Answer>
}

export const keys = {
  operator: 'mpp_test_key_of_the_operations',
  auditor: 'mpp_test_key_of_the_inspection',
  monitor: 'mpp_test_key_of_the_monitoring',
  member: 'mpp_test_key_of_the_front-office',
} as const

export function visit({ url }: Pick<House, 'url'>): Visitor {
  const cookies = new Map<string, string>()

  async function send(path: string, init: RequestInit): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...(cookie && { cookie }), ...(init.headers as Record<string, string>) }
    const response = await fetch(`${url}${path}`, { ...init, headers, redirect: 'manual' })
    for (const text of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text)!
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  const post: Visitor['post'] = (path, fields, headers = {}) =>
    send(path, {
      method: 'POST',
      headers: { origin: url, 'sec-fetch-site': 'same-origin', ...headers },
      body: new URLSearchParams(fields),
    })

  const visitor: Visitor = {
    cookies,
    get: (path, headers = {}) => send(path, { headers }),
    post,
    signIn: (key, officer = 'o-90') => post('/ops/sign-in', { key, officer }),
    async formToken() {
      const { text } = await visitor.get('/ops')
      const [, token] = /name="formToken" value="([^"]+)"/.exec(text) ?? []
      expect(token).toBeDefined()
      return token!
    },
    async act(path, fields) {
      return post(path, { formToken: await visitor.formToken(), ...fields })
    },
  }
  return visitor
}

/** How often somebody was refused at the board, by reason. */
export async function refusals(house: House): Promise<Record<string, number>> {
  const { text } = await house.get('/metrics')
  const lines = text.matchAll(/^mpp_board_refusals_total\{reason="([\w-]+)"\} (\d+)/gm)
  return Object.fromEntries([...lines].map(([, reason, count]) => [reason!, Number(count)]))
}

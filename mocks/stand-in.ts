import type { Serving } from './serve.ts'

/** The default export of `mocks/<id>/server.ts`: all that `main.ts` needs to know about an agency. */
export interface StandIn {
  /** Where it listens unless `MOCK_<ID>_PORT` says otherwise. */
  defaultPort: number
  start(options: { port: number; weather?: string | undefined }): Promise<Serving>
  /** Lines for whoever ran `npm run mocks`: credentials, people to try. */
  hints(url: string): readonly string[]
}

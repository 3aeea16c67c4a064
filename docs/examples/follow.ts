// Keeps an application's table of users and groups right, from a tenant's delta query: copy it.
const URN = "urn:ietf:params:scim:api:messages:2.0:delta:request";

// Brings the table, resources by id, up to date; resolves to the token to call this with next time.
// Begin with the value of GET base + "/.deltaToken", then fill the table from the lists.
export async function follow(base: string, token: string, since: string, table: Map<string, unknown>): Promise<string> {
  let cursor: string | undefined;
  for (;;) {
    const answer = await fetch(`${base}/.delta`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/scim+json" },
      body: JSON.stringify({ schemas: [URN], deltaToken: since, cursor }),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    const page = await answer.json();
    for (const { changeType, changedResourceId, data } of page.Resources) {
      if (changeType === "Delete") table.delete(changedResourceId);
      else table.set(changedResourceId, data);
    }
    if (page.nextDeltaToken) return page.nextDeltaToken.value;
    cursor = page.nextCursor;
  }
}

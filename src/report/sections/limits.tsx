// What a report cannot show: it stands beside what it says.

/** What no audit of this kind can show. */
export function Limits({ limits }: { readonly limits: readonly string[] }) {
  return (
    <section aria-labelledby="limits" className="limits">
      <h2 id="limits">What this cannot show</h2>
      {limits.length === 0 ? (
        <p>No limits were written down for this audit. That is an omission, not a sign that there are none.</p>
      ) : (
        <ul>
          {limits.map((limit, place) => (
            <li key={place}>{limit}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

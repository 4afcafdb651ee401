/** The panel's shape while the photos load. */
export function Loading() {
  return (
    <div className="loading" role="status" aria-label="The photos are loading">
      <div className="skeleton loading-figures" />
      <div className="skeleton loading-profile" />
      <div className="thumbs">
        {Array.from({ length: 9 }, (_, i) => (
          <div key={i} className="skeleton thumb" />
        ))}
      </div>
    </div>
  );
}

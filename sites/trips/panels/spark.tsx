interface SparkProps {
  /** Metres in each slice of the day's time. */
  readonly values: readonly number[];
}

const HEIGHT = 22;
const STEP = 4;

/** The pace of a day at a glance: a bar for each slice of its time, as high as the way in it. */
export function Spark({ values }: SparkProps) {
  const most = Math.max(1, ...values);
  return (
    <svg className="spark" viewBox={`0 0 ${values.length * STEP} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
      {values.map((value, i) => {
        const height = value > 0 ? Math.max(2, (value / most) * HEIGHT) : 0.8;
        return <rect key={i} x={i * STEP} y={HEIGHT - height} width={STEP - 1} height={height} rx="0.8" />;
      })}
    </svg>
  );
}

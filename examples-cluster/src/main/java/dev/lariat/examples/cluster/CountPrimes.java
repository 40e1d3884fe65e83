package dev.lariat.examples.cluster;

import java.io.Serializable;
import java.util.BitSet;
import java.util.concurrent.Callable;

/**
 * Counts the primes in a range, by the sieve of Eratosthenes. It may be done twice without harm,
 * and stops when it is interrupted: what {@link Cluster#call} asks of work.
 *
 * @param from the first number, at least 2
 * @param to the number after the last
 */
record CountPrimes(long from, long to) implements Callable<Long>, Serializable {
  @Override
  public Long call() throws InterruptedException {
    int size = Math.toIntExact(to - from);
    BitSet composite = new BitSet(size);
    for (long factor = 2; factor * factor < to; factor++) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      long first = Math.max(factor * factor, Math.ceilDiv(from, factor) * factor);
      for (long multiple = first; multiple < to; multiple += factor) {
        composite.set((int) (multiple - from));
      }
    }
    return (long) size - composite.cardinality();
  }
}

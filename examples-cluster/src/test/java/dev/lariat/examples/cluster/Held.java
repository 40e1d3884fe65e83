package dev.lariat.examples.cluster;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.io.Serializable;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Work that is held up on one member until it is interrupted, tells so, and is done on any other.
 *
 * @param test which test it is for
 * @param victim the UUID of the member, or null for all
 * @param piece the work
 */
record Held(String test, String victim, CountPrimes piece) implements Callable<Long>, Serializable {
  /** The topic on which it tells. */
  static final String EVENTS = "events";

  private static final AtomicInteger BEGAN = new AtomicInteger();
  private static final AtomicInteger RUNNING = new AtomicInteger();

  @Override
  public Long call() throws InterruptedException {
    HazelcastInstance hazelcast = Hazelcast.getAllHazelcastInstances().iterator().next();
    String here = hazelcast.getLocalEndpoint().getUuid().toString();
    if (victim != null && !victim.equals(here)) {
      return piece.call();
    }
    BEGAN.incrementAndGet();
    RUNNING.incrementAndGet();
    try {
      hazelcast.getTopic(EVENTS).publish(test + " began");
      new CountDownLatch(1).await();
      throw new AssertionError();
    } finally {
      RUNNING.decrementAndGet();
      Thread.interrupted(); // or it could not tell
      hazelcast.getTopic(EVENTS).publish(test + " interrupted");
    }
  }

  /** How often it was begun on a member, and how often it is under way there. */
  record Count(int began, int running) implements Serializable {}

  /** Asks a member. */
  record Ask() implements Callable<Count>, Serializable {
    @Override
    public Count call() {
      return new Count(BEGAN.get(), RUNNING.get());
    }
  }
}

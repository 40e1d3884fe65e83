package dev.lariat.concurrency;

import dev.lariat.internal.loop.Inbox;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Lincheck runs the operations below in every order that matters, and looks for an outcome that no
 * order of whole operations could have.
 */
@Param(name = "value", gen = IntGen.class)
@DisplayName("The inbox is linearizable: many producers, one consumer (LOOP-11)")
public class InboxLincheckTest {
  private static final class Item implements Inbox.Node<Item> {
    private final int value;
    private Item next;

    Item(int value) {
      this.value = value;
    }

    @Override
    public Item linked() {
      return next;
    }

    @Override
    public void link(Item item) {
      next = item;
    }
  }

  private final Inbox<Item> inbox = new Inbox<>();

  @Operation
  public boolean put(@Param(name = "value") int value) {
    return inbox.put(new Item(value));
  }

  @Operation
  public boolean isEmpty() {
    return inbox.isEmpty();
  }

  @Operation(nonParallelGroup = "consumer")
  public List<Integer> drain() {
    List<Integer> values = new ArrayList<>();
    inbox.drain(item -> values.add(item.value));
    return values;
  }

  /** What the operations mean, one at a time. */
  public static final class Sequential {
    private final List<Integer> values = new ArrayList<>();

    public boolean put(int value) {
      values.add(value);
      return values.size() == 1;
    }

    public boolean isEmpty() {
      return values.isEmpty();
    }

    public List<Integer> drain() {
      List<Integer> drained = new ArrayList<>(values);
      values.clear();
      return drained;
    }
  }

  @Test
  @DisplayName("model checking")
  void modelChecking() {
    new ModelCheckingOptions()
        .sequentialSpecification(Sequential.class)
        .threads(3)
        .actorsPerThread(2)
        .iterations(5)
        .invocationsPerIteration(500)
        .check(InboxLincheckTest.class);
  }

  @Test
  @DisplayName("stress")
  void stress() {
    new StressOptions()
        .sequentialSpecification(Sequential.class)
        .threads(3)
        .actorsPerThread(3)
        .iterations(10)
        .invocationsPerIteration(1_000)
        .check(InboxLincheckTest.class);
  }
}

package dev.lariat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The unfinished tasks of one loop, strongly held. The loop's thread writes; any thread may take a
 * snapshot: it reads slots that may be a moment old, and no list that could break under it.
 */
final class TaskRegistry {
  private volatile @Nullable Task<?>[] slots = new Task<?>[16];
  private int[] free = new int[16];
  private int freeCount;
  private int used;

  /** Adds {@code task} and returns its slot. */
  int add(Task<?> task) {
    int slot = freeCount > 0 ? free[--freeCount] : used++;
    @Nullable Task<?>[] array = slots;
    if (slot == array.length) {
      array = Arrays.copyOf(array, slot * 2);
      array[slot] = task;
      slots = array;
    } else {
      array[slot] = task;
    }
    return slot;
  }

  void remove(int slot) {
    slots[slot] = null;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount++] = slot;
    if (freeCount == used) {
      freeCount = 0; // empty: slots are handed out in order of creation again
      used = 0;
    }
  }

  /** The tasks that are not done. */
  List<Task<?>> snapshot() {
    List<Task<?>> tasks = new ArrayList<>();
    for (Task<?> task : slots) {
      if (task != null && !task.done()) {
        tasks.add(task);
      }
    }
    return tasks;
  }
}

package dev.lariat.cli.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Measures an operation and its floor in turn, so that a change of the machine's speed hits both,
 * and gives the medians.
 */
public final class Rounds {
  private static final int WARM_UP = 8;
  private static final int COUNTED = 11;

  private Rounds() {}

  /**
   * Compares an operation with its floor.
   *
   * @param operation gives nanoseconds per operation
   * @param floor likewise
   * @return the medians: {@code ns_per_op}, {@code floor_ns}, {@code ratio}
   */
  public static Map<String, Object> compare(DoubleSupplier operation, DoubleSupplier floor) {
    double[] operations = new double[COUNTED];
    double[] floors = new double[COUNTED];
    double[] ratios = new double[COUNTED];
    for (int i = -WARM_UP; i < COUNTED; i++) {
      double op = operation.getAsDouble();
      double fl = floor.getAsDouble();
      if (i >= 0) {
        operations[i] = op;
        floors[i] = fl;
        ratios[i] = op / fl;
      }
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("ns_per_op", round(median(operations)));
    figures.put("floor_ns", round(median(floors)));
    figures.put("ratio", round(median(ratios)));
    return figures;
  }

  /**
   * {@return the middle one}
   *
   * @param values an odd number of them
   */
  public static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /**
   * {@return the value with two decimals}
   *
   * @param value any
   */
  public static double round(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /**
   * {@return nanoseconds for each operation}
   *
   * @param count how many operations
   * @param work does them
   */
  public static double time(int count, Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / (double) count;
  }
}

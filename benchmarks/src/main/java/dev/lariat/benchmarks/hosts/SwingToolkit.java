package dev.lariat.benchmarks.hosts;

import dev.lariat.host.Host;
import dev.lariat.swing.SwingHost;
import java.awt.Color;
import java.awt.EventQueue;
import java.awt.Graphics;
import java.lang.reflect.InvocationTargetException;
import java.util.function.BooleanSupplier;
import javax.swing.JComponent;
import javax.swing.JFrame;
import javax.swing.Timer;

final class SwingToolkit implements Toolkit {
  @Override
  public Host newHost() {
    return new SwingHost();
  }

  @Override
  public void post(Runnable event) {
    EventQueue.invokeLater(event);
  }

  @Override
  public void run(Runnable body) {
    try {
      EventQueue.invokeAndWait(body);
    } catch (InterruptedException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Swing draws on demand, so a timer demands it every 16 ms. */
  @Override
  public void animate(BooleanSupplier frame) {
    JFrame window = new JFrame("frames");
    Timer timer = new Timer(16, _ -> window.repaint());
    window.add(
        new JComponent() {
          private int x;

          @Override
          protected void paintComponent(Graphics graphics) {
            graphics.setColor(Color.ORANGE);
            graphics.fillRect(x = (x + 3) % getWidth(), 20, 60, 60);
            if (!frame.getAsBoolean()) {
              timer.stop();
              EventQueue.invokeLater(window::dispose);
            }
          }
        });
    window.setSize(400, 200);
    window.setVisible(true);
    timer.start();
  }
}

package io.sparkcam.network.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.scratchpad_mode;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * oneDNN's engine and stream, and every native object made for one program: freed together by
 * {@link #close}.
 */
final class Workbench implements AutoCloseable {
  static final memory.data_type F32 = memory.data_type.f32;

  final engine cpu = new engine(engine.kind.cpu, 0);
  private final stream queue = new stream(cpu);
  private final dnnl_stream queueHandle = queue.get();
  private final List<Pointer> owned = new ArrayList<>();

  /**
   * A primitive with its arguments, ready to run again and again. It runs through oneDNN's C
   * interface: the C++ one copies the arguments at every call, which for a trunk's forty small
   * primitives is a twentieth of the time.
   */
  final class Step {
    private static final int MOST_ARGUMENTS = 6;

    private final dnnl_primitive operation;
    private final dnnl_exec_arg_t arguments = keep(new dnnl_exec_arg_t(MOST_ARGUMENTS));
    private int count;

    Step(primitive operation) {
      this.operation = keep(operation).get();
    }

    Step with(int argument, memory value) {
      arguments.getPointer(count++).arg(argument).memory(value.get());
      return this;
    }

    /**
     * A scratchpad of its own: only then may the primitive run on a thread that did not make it.
     */
    Step withScratchpad(memory.desc description) {
      return description.get_size() == 0 ? this : with(DNNL_ARG_SCRATCHPAD, memory(description));
    }

    void run() {
      int status = dnnl_primitive_execute(operation, queueHandle, count, arguments);
      if (status != dnnl_success) {
        throw new IllegalStateException("oneDNN: status " + status + " of a primitive");
      }
    }
  }

  /** Memory of the caller's that a primitive works on: where it is may change from run to run. */
  static final class Window {
    private final memory view;
    private long address;

    private Window(memory view) {
      this.view = view;
    }

    memory view() {
      return view;
    }

    /** Looks at value {@code offset} of {@code base} and what follows. */
    void aim(FloatPointer base, long offset) {
      FloatPointer target = base.getPointer(offset);
      long wanted = target.address() + target.position() * Float.BYTES;
      if (wanted != address) {
        view.set_data_handle(target);
        address = wanted;
      }
    }
  }

  <P extends Pointer> P keep(P pointer) {
    owned.add(pointer);
    return pointer;
  }

  /** Attributes every primitive gets. */
  primitive_attr attributes() {
    primitive_attr attributes = keep(new primitive_attr());
    attributes.set_scratchpad_mode(scratchpad_mode.user);
    return attributes;
  }

  /**
   * A dense description in the format {@code tag}, or in whichever the primitive likes best for
   * {@code any}.
   */
  memory.desc description(memory.format_tag tag, long... dimensions) {
    return keep(new memory.desc(dimensions, F32, tag));
  }

  /** Memory of its own. */
  memory memory(memory.desc description) {
    return keep(new memory(description, cpu));
  }

  /** A window, to be aimed before each run. */
  Window window(memory.desc description) {
    return new Window(keep(new memory(description, cpu, new Pointer())));
  }

  Step reorder(memory from, memory to) {
    return new Step(new reorder(from, to)).with(DNNL_ARG_FROM, from).with(DNNL_ARG_TO, to);
  }

  /**
   * The contents of {@code source} in the format {@code wanted}: {@code source} itself where it has
   * that format already, else a copy that a step appended to {@code steps} refreshes.
   */
  memory converted(memory source, memory.desc wanted, List<Step> steps) {
    if (source.get_desc().equals(wanted)) {
      return source;
    }
    memory copy = memory(wanted);
    steps.add(reorder(source, copy));
    return copy;
  }

  @Override
  public void close() {
    for (int i = owned.size() - 1; i >= 0; i--) {
      owned.get(i).deallocate();
    }
    owned.clear();
    queue.deallocate();
    cpu.deallocate();
  }
}

package org.atelier.chaos.simulation;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

import org.atelier.worker.job.slot.ConsumerFailedException;
import org.atelier.worker.job.slot.Delivery;
import org.atelier.worker.job.slot.ReadyConsumer;
import org.atelier.worker.job.world.FakeShareGroup;

/** A share consumer of one slot. Its connection ends with its process. */
final class WiredConsumer implements ReadyConsumer {
    private final Wire wire;
    private final Simulation simulation;
    private final Faults faults;
    private final ReadyConsumer member;

    WiredConsumer(Wire wire, Simulation simulation, Faults faults, FakeShareGroup group) {
        this.wire = wire;
        this.simulation = simulation;
        this.faults = faults;
        this.member = call(group::open);
        wire.host().onDeath(member::close);
    }

    private <T> T call(Supplier<T> effect) {
        return wire.kafka(effect, problem -> new ConsumerFailedException(problem, new IllegalStateException(problem)));
    }

    @Override
    public Optional<Delivery> poll(Duration atMost) {
        if (faults.isCut(wire.host())) {
            simulation.pause(atMost);
            return Optional.empty();
        }
        return member.poll(atMost);
    }

    @Override
    public boolean renew() {
        return call(member::renew);
    }

    @Override
    public boolean accept() {
        return call(member::accept);
    }

    @Override
    public boolean reject() {
        return call(member::reject);
    }

    @Override
    public void close() {
        member.close();
    }
}

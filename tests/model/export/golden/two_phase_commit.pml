/* two_phase_commit at managers=2: Manager=2 Phase=4 Decision=3: 9 variables, 12 steps.
   spin -a -o2 FILE && gcc -O2 -DSAFETY -DMEMLIM=8000 -o pan pan.c && ./pan -E -m1000000
   Spin counts the first state as a transition too: the system has stored + matched - 1. */

/* Phase */
#define working 0
#define prepared 1
#define committed 2
#define aborted 3

/* Decision */
#define undecided 0
#define commit 1
#define abort 2

/* two_phase_commit.phase */
unsigned two_phase_commit_phase_manager_1 : 2;
unsigned two_phase_commit_phase_manager_2 : 2;

/* two_phase_commit.decision */
unsigned two_phase_commit_decision : 2;

/* two_phase_commit.heard */
bit two_phase_commit_heard_manager_1;
bit two_phase_commit_heard_manager_2;

/* two_phase_commit.said_prepared */
bit two_phase_commit_said_prepared_manager_1;
bit two_phase_commit_said_prepared_manager_2;

/* two_phase_commit.said_commit */
bit two_phase_commit_said_commit;

/* two_phase_commit.said_abort */
bit two_phase_commit_said_abort;

/* What is asserted. These never change; Spin shows the name of one where something fails. */
hidden byte together; /* together: No manager has committed while another has aborted. */
hidden byte for_good; /* for_good: Who has committed stays so. */

active proctype two_phase_commit() {
end: do

  /* two_phase_commit.prepare(manager=manager 1)
     manager 1 is prepared, and says so. */
  :: d_step {
      /* working */ two_phase_commit_phase_manager_1 == working ->
      two_phase_commit_phase_manager_1 = prepared;
      two_phase_commit_said_prepared_manager_1 = 1;
    }

  /* two_phase_commit.prepare(manager=manager 2)
     manager 2 is prepared, and says so. */
  :: d_step {
      /* working */ two_phase_commit_phase_manager_2 == working ->
      two_phase_commit_phase_manager_2 = prepared;
      two_phase_commit_said_prepared_manager_2 = 1;
    }

  /* two_phase_commit.give_up(manager=manager 1)
     manager 1 decides by itself to abort. */
  :: d_step {
      /* working */ two_phase_commit_phase_manager_1 == working ->
      two_phase_commit_phase_manager_1 = aborted;
    }

  /* two_phase_commit.give_up(manager=manager 2)
     manager 2 decides by itself to abort. */
  :: d_step {
      /* working */ two_phase_commit_phase_manager_2 == working ->
      two_phase_commit_phase_manager_2 = aborted;
    }

  /* two_phase_commit.hear(manager=manager 1)
     The transaction manager hears that manager 1 is prepared. */
  :: d_step {
      /* undecided */ two_phase_commit_decision == undecided &&
      /* said */ two_phase_commit_said_prepared_manager_1 ->
      two_phase_commit_heard_manager_1 = 1;
    }

  /* two_phase_commit.hear(manager=manager 2)
     The transaction manager hears that manager 2 is prepared. */
  :: d_step {
      /* undecided */ two_phase_commit_decision == undecided &&
      /* said */ two_phase_commit_said_prepared_manager_2 ->
      two_phase_commit_heard_manager_2 = 1;
    }

  /* two_phase_commit.commit()
     The transaction manager has heard from everybody, and decides to commit. */
  :: d_step {
      /* undecided */ two_phase_commit_decision == undecided &&
      /* all_prepared */ (two_phase_commit_heard_manager_1 && two_phase_commit_heard_manager_2) ->
      two_phase_commit_decision = commit;
      two_phase_commit_said_commit = 1;
    }

  /* two_phase_commit.abort()
     The transaction manager decides to abort. */
  :: d_step {
      /* undecided */ two_phase_commit_decision == undecided ->
      two_phase_commit_decision = abort;
      two_phase_commit_said_abort = 1;
    }

  /* two_phase_commit.obey_commit(manager=manager 1)
     manager 1 hears that it is to commit. */
  :: d_step {
      /* said */ two_phase_commit_said_commit ->
      two_phase_commit_phase_manager_1 = committed;
    }

  /* two_phase_commit.obey_commit(manager=manager 2)
     manager 2 hears that it is to commit. */
  :: d_step {
      /* said */ two_phase_commit_said_commit ->
      two_phase_commit_phase_manager_2 = committed;
    }

  /* two_phase_commit.obey_abort(manager=manager 1)
     manager 1 hears that it is to abort. */
  :: d_step {
      /* said */ two_phase_commit_said_abort ->
      if
      :: /* for_good */ !(two_phase_commit_phase_manager_1 == committed)
      :: else -> assert(for_good)
      fi;
      two_phase_commit_phase_manager_1 = aborted;
    }

  /* two_phase_commit.obey_abort(manager=manager 2)
     manager 2 hears that it is to abort. */
  :: d_step {
      /* said */ two_phase_commit_said_abort ->
      if
      :: /* for_good */ !(two_phase_commit_phase_manager_2 == committed)
      :: else -> assert(for_good)
      fi;
      two_phase_commit_phase_manager_2 = aborted;
    }

  /* together: No manager has committed while another has aborted. */
  :: d_step {
      !((
        !(two_phase_commit_phase_manager_1 == committed && two_phase_commit_phase_manager_2 == aborted) &&
        !(two_phase_commit_phase_manager_1 == aborted && two_phase_commit_phase_manager_2 == committed))) ->
      assert(together)
    }
  od
}

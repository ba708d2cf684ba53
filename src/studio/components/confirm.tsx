// A button whose deed is asked about before it is done.

import { type ReactNode, useState } from "react";
import { Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Button, type ButtonProps } from "./button.tsx";

export interface ConfirmProps {
  readonly label: string;
  /** On the button that does it, such as "Cancel the run": a word that closes dialogs elsewhere must not do anything here by itself. */
  readonly confirmLabel: string;
  /** On the one that does not. */
  readonly refuseLabel: string;
  readonly look?: NonNullable<ButtonProps["look"]>;
  /** It cannot be done just now, and keeps the focus. Default false. */
  readonly isResting?: boolean;
  readonly question: string;
  /** What comes of it. */
  readonly children: ReactNode;
  readonly onConfirm: () => void;
}

export function Confirm(props: ConfirmProps): ReactNode {
  const { label, confirmLabel, refuseLabel, look = "quiet", isResting = false, question, children, onConfirm } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    // A press goes to the trigger's own deed even where the button rests.
    <DialogTrigger isOpen={isOpen} onOpenChange={(opens) => setOpen(opens && !isResting)}>
      <Button look={look} isResting={isResting}>
        {label}
      </Button>
      <ModalOverlay className="overlay">
        <Modal className="modal">
          <Dialog role="alertdialog" className="dialog">
            {({ close }) => (
              <>
                <Heading slot="title">{question}</Heading>
                {children}
                <div className="dialog-buttons">
                  <Button onPress={close}>{refuseLabel}</Button>
                  <Button
                    look={look === "danger" ? "danger" : "primary"}
                    isResting={isResting}
                    onPress={() => {
                      close();
                      onConfirm();
                    }}
                  >
                    {confirmLabel}
                  </Button>
                </div>
              </>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}

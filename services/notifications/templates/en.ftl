# What the portal tells people, in English: per kind a subject and a body. Greeting, link and signature stand around each body.

greeting = Dear { $name },
open = Open it in the portal:
test = Test
by-mail = The link stands in the e-mail only.
by-code = The code stands in the message to you only.
signature =
    { $centre }
    { $email }
    { $phones }

welcome =
    .subject = Welcome to the portal of { $centre }
    .body = Your account has been created. You can now apply for services, follow your applications and pay online.

verify-email =
    .subject = Please confirm your e-mail address
    .body =
        Somebody, probably you, has given this address for an account on the portal of { $centre }. Open the page below and press the button to confirm that mail sent here reaches you. The link is good once, for a day.

        If it was not you, you need not do anything.

reset-password =
    .subject = A new password for the portal
    .body =
        Somebody, probably you, has asked for a new password for your account. Open the page below to set it. The link is good once, for half an hour.

        If it was not you, you need not do anything: your password stays as it is.

change-email =
    .subject = Please confirm your new e-mail address
    .body =
        This address is to become that of your account on the portal of { $centre }. Open the page below and press the button to confirm it. The link is good once, for a day. Until then the former address stays.

        If you did not ask for this, you need not do anything.

confirm-phone =
    .subject = Code for your phone number
    .body = Somebody, probably you, has given another phone number for the account. Enter this code to confirm it; it is good for a quarter of an hour. If it was not you, do nothing.
    .sms = { $code } is the code to confirm your phone number. { $centre }

email-changed =
    .subject = Your account has a new e-mail address
    .body = The e-mail address of your account was changed; from now on we write to the new one. If it was not you who changed it, tell us at once: { $email }.

password-changed =
    .subject = Your password was changed
    .body = The password of your account was changed, and whoever was signed in elsewhere has been signed out. If it was not you who changed it, set a new one at once by “Forgot your password?” on the sign-in page, and tell us: { $email }.

account-closed =
    .subject = Your account is closed
    .body =
        Your account on the portal of { $centre } was closed. Nobody can sign in with it any more, and the persons and payers saved in it are erased; the other data of the account are erased later, and then the address may be used for a new one. Applications that are still open go on at the centre.

        If it was not you who closed it, tell us at once: { $email }.

roles-changed =
    .subject = Your roles on the portal were changed
    .body = An administrator has changed the roles of your account on the portal of { $centre }, and you were signed out everywhere. Sign in again to work with the new ones. If this surprises you, ask your administrator or write to { $email }.

account-opened =
    .subject = An account was opened for you
    .body =
        At your visit the staff of { $centre } have opened an account for you on its portal. Open the page below to set your password; then you can follow your applications and go on with them yourself. The link is good once, for three days; later use “Forgot your password?” on the sign-in page.

        If you know nothing of this, tell us: { $email }.

account-disabled =
    .subject = Your account was disabled
    .body = An administrator has disabled your account on the portal of { $centre }: nobody can sign in with it for now. If you think that this is a mistake, write to { $email }.

account-enabled =
    .subject = Your account is enabled again
    .body = An administrator has enabled your account on the portal of { $centre } again. You can sign in with your password as before.

application-submitted =
    .subject = Application { $number } has been received
    .body = We have received your application { $number }. A manager will review it and you will be told of each step.

draft-expiring =
    .subject = Your draft { $number } will be erased in two weeks
    .body = Nobody has changed your draft { $number } for a long time. In two weeks it will be cancelled and the personal data on it erased. To keep it, open it and save it, or submit it.

correction-due =
    .subject = Application { $number }: days left to correct it: { $days }
    .body = Your application { $number } was returned for correction and has not come back yet. Days left: { $days }. After that it expires, and you would have to submit a new one.

not-corrected =
    .subject = Application { $number } has expired
    .body = Your application { $number } was not corrected in time and has expired. If you still need the services, please submit a new application.

not-paid =
    .subject = Application { $number } has expired: the invoice was not paid
    .body =
        The invoice for your application { $number } was not paid in time and is void. Please do not pay it any more.

        You need not begin anew: open the application and choose “Renew” to go on at today's price.

application-returned =
    .subject = Application { $number } needs corrections
    .body =
        Your application { $number } has been returned to you for correction. Items to correct: { $marks }.

        Only the marked items can be changed. Please correct them and submit the application again.

application-rejected =
    .subject = Application { $number } has been rejected
    .body = Your application { $number } has been rejected. The reason stands in the portal.

application-approved =
    .subject = Application { $number } has been approved: please pay { $amount }
    .body =
        Your application { $number } has been approved. The amount due is { $amount }.

        Please enter the payer's details in the portal, get the invoice and pay it.

application-cancelled =
    .subject = Application { $number } has been cancelled
    .body = Your application { $number } has been cancelled. Booked visits are no longer held for you.

invoice-issued =
    .subject = Invoice { $document } for application { $number }
    .body = Invoice { $document } over { $amount } has been issued for your application { $number }. It can be paid online in the portal.

invoice-reminder =
    .subject = Invoice { $document } is due on { $date }
    .body =
        Invoice { $document } over { $amount } for your application { $number } has not been paid yet. It is to be paid by { $date }.

        If you have paid in the last days, you need not do anything.

payment-pending =
    .subject = Payment for application { $number } is being checked
    .body = We have been told of your payment for application { $number }. Our staff are checking it; you need not do anything.

payment-part =
    .subject = Part of the payment for application { $number } is confirmed
    .body = We have confirmed the part of your payment for application { $number } that has come. What is still to pay stands in the portal.

payment-paid =
    .subject = Payment for application { $number } is confirmed
    .body =
        Your payment for application { $number } has been confirmed. Thank you.

        The next step is to book a date on which you bring the original documents.

payment-declined =
    .subject = Payment for application { $number } was not confirmed
    .body = Our staff could not confirm your payment for application { $number }. The reason stands in the portal. You can pay again, or ask us.

refund-requested =
    .subject = Refund for application { $number } has been requested
    .body = A refund of { $amount } for your application { $number } has been requested. It is due within 45 working days; the date stands in the portal.

refund-approved =
    .subject = Refund for application { $number } is approved
    .body = The refund of { $amount } for your application { $number } has been approved and will go back to your card, or to the account you told us.

refund-declined =
    .subject = Refund for application { $number } was declined
    .body = The refund of { $amount } for your application { $number } was declined. The reason stands in the portal.

refund-done =
    .subject = Refund for application { $number } is paid out
    .body = The refund of { $amount } for your application { $number } has been paid out. The bank may take a few days.

staff-refund-requested =
    .subject = Refund for application { $number } is requested
    .body = A refund of { $amount } for application { $number } is requested. Please look at it.

staff-refund-failed =
    .subject = Refund for application { $number } was not carried out by the bank
    .body = The bank did not give back { $amount } for application { $number }. Please look at it: send it again, or pay it out by a payment order.

staff-refund-approved =
    .subject = Refund for application { $number } is to be paid out
    .body = The refund of { $amount } for application { $number } is approved. Please send it to the bank, or pay it out and record the payment order.

attempt-failed =
    .subject = Payment for application { $number } did not succeed
    .body =
        The bank did not carry out your payment for application { $number }: { $class ->
            [insufficient_funds] there is not enough money on the card.
            [card_data] the card's details are not right.
            [three_ds] the bank's confirmation (3-D Secure) did not succeed.
            [expired] the card has expired.
            [limit] a limit of the card does not allow it.
            [blocked] the card is blocked.
            [issuer] the card's bank refused it.
            [attempts] there were too many attempts.
           *[other] the bank gave no closer reason.
        }

        No money has been taken. You can try again or use another card.

documents-awaited =
    .subject = Application { $number }: please book a date for your documents
    .body = We are awaiting the original documents for application { $number }. Please book a date for each person in the portal.

appointment-booked =
    .subject = Visit booked for { $when }
    .body =
        A visit for application { $number } has been booked for { $when }.{ $place ->
            [none] { "" }
           *[other] { " " }Where: { $place }.
        }{ $code ->
            [none] { "" }
           *[other] { " " }Say this code at the door: { $code }
        }

        { $visit ->
            [pick_up] Please bring your identity document. Somebody else who comes for you brings his own and your power of attorney.
           *[other] Please bring the original documents and your identity document.
        }

appointment-moved =
    .subject = Visit moved to { $when }
    .body =
        A visit for application { $number } now starts on { $when }.{ $place ->
            [none] { "" }
           *[other] { " " }Where: { $place }.
        } Say this code at the door: { $code }

        { $visit ->
            [pick_up] Please bring your identity document. Somebody else who comes for you brings his own and your power of attorney.
           *[other] Please bring the original documents and your identity document.
        }

appointment-reminder =
    .subject = Will you come on { $when }?
    .body =
        You have a visit for application { $number } on { $when }.{ $place ->
            [none] { "" }
           *[other] { " " }Where: { $place }.
        } Say this code at the door: { $code }

        { $by ->
            [none] Please say in the portal that you will come, or choose another time.
           *[other] Please say in the portal that you will come, by { $by }. Otherwise the time is given to others and you can choose a new one.
        }

        { $visit ->
            [pick_up] Please bring your identity document. Somebody else who comes for you brings his own and your power of attorney.
           *[other] Please bring the original documents and your identity document.
        }

appointment-displaced =
    .subject = Please choose another time instead of { $when }
    .body = We are sorry: our office hours have changed, and we cannot receive you for application { $number } on { $when }. Please choose another time in the portal. Your right to a visit stays.

appointment-released =
    .subject = Visit on { $when } has been given to others
    .body = Nobody confirmed the visit for application { $number } on { $when }, so its time has been given to others. You can book another time in the portal.

appointment-cancelled =
    .subject = Visit on { $when } has been cancelled
    .body = The visit for application { $number } on { $when } has been cancelled. You can book another date in the portal.

originals-received =
    .subject = Application { $number }: documents received
    .body = We have received original documents for application { $number } and are working on it.

originals-missing =
    .subject = Application { $number }: some documents are still missing
    .body = We have received original documents for application { $number }. Some are still missing: which ones stands in the portal. Please book a date on which you bring them.

sent =
    .subject = Application { $number }: papers sent to the state body
    .body = Papers of your application { $number } have been sent to the state body. Its number and the day on which an answer is expected stand in the portal.

more-originals =
    .subject = Application { $number }: more originals are needed
    .body = The state body asks for more originals for your application { $number }. What is needed stands in the portal. Please book a date on which you bring them.

decided =
    .subject = Application { $number }: there is a decision
    .body = There is a decision on a person in application { $number }. It stands in the portal.

ready =
    .subject = Application { $number } is ready for pickup
    .body = The result of application { $number } is ready. Please come to collect it and bring your identity document.

completed =
    .subject = Application { $number } is completed
    .body = Application { $number } is completed. Thank you for using our services.

message-posted =
    .subject = New message on your application { $number }
    .body = The Expat Centre has written to you about your application { $number }. Please read it in the portal.

staff-new-application =
    .subject = New application { $number }
    .body = Application { $number } has been submitted and waits in the pool.

staff-resubmitted =
    .subject = Application { $number } was submitted again
    .body = Application { $number } has been corrected and submitted again.

staff-assigned =
    .subject = Application { $number } was assigned to you
    .body = Application { $number } has been assigned to you. Who decided it and why stands on the case.

staff-unassigned =
    .subject = Application { $number } is no longer yours
    .body = Application { $number } has been taken off your list; somebody else goes on with it.

staff-released =
    .subject = Application { $number } is back in the pool
    .body = Application { $number } has been given back and waits in the pool. The reason stands on the case.

staff-message-posted =
    .subject = New message on application { $number }
    .body = The applicant has written on application { $number }. The message stands on the case.

staff-sent-back =
    .subject = Application { $number } was sent back to review
    .body = The supervisor has sent application { $number } back to review. The reason stands on the case.

staff-approval-recommended =
    .subject = Application { $number } awaits approval
    .body = Application { $number } has been reviewed and awaits your approval.

staff-overdue =
    .subject = Application { $number } is overdue
    .body = The present step of application { $number } has taken longer than its term.

staff-payment-pending =
    .subject = Payment for application { $number } awaits confirmation
    .body = The bank reports a payment for application { $number }. Please check and confirm it.

staff-digest =
    .subject = Your work on the portal on { $date }
    .body =
        This waits for you today:

        { $fresh ->
            [0] No new applications.
           *[other] New applications: { $fresh }.
        }
        { $overdue ->
            [0] Nothing is overdue.
           *[other] Steps that take too long: { $overdue }.
        }
        { $pending ->
            [0] No payment waits longer than a working day.
           *[other] Payments that wait for confirmation longer than a working day: { $pending }.
        }
        { $refunds ->
            [0] No refunds are open.
           *[other] Open refunds: { $refunds }.
        }

staff-mismatch =
    .subject = A charge for application { $number } does not fit
    .body =
        The bank has taken { $amount } for application { $number }, and it does not fit the invoice: { $class ->
            [amount] the amount differs.
            [currency] the currency differs.
            [terminal] the terminal differs.
            [second_charge] the invoice was paid already.
            [not_payable] the invoice is no longer in force.
           *[other] the reason stands in the list.
        }
